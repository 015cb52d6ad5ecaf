/** Environment variables by name. Read, never written. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The process environment where there is one (Node, Bun, Deno), else an empty one. */
export function processEnv(): Env {
  const { process } = globalThis as { process?: { env?: Env } };
  return process?.env ?? {};
}

/** The value of a variable without surrounding blanks; an empty one counts as not set. */
export function readEnv(env: Env, name: string | null): string | undefined {
  if (name === null) return undefined;
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}
