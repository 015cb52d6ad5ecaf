import { createRequire } from "node:module";

/** What is used of a client of node-postgres (`pg` 8). */
export interface PgClient {
  connect(): Promise<unknown>;
  query(sql: string, parameters?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
  unref(): void;
  on(event: string, listener: (event: unknown) => void): unknown;
  emit(event: string, ...details: unknown[]): boolean;
  readonly connection?: { readonly stream?: { destroy(): void } | undefined } | undefined;
}

/** The class of clients of node-postgres. */
export type PgClientClass = new (options: object) => PgClient;

/**
 * The client class of the very `pg` that `@keyv/postgres` uses. It is a dependency of that package, not of this one, so it is looked
 * up from there. `null` where it cannot be found.
 */
export async function findPgClient(): Promise<PgClientClass | null> {
  return fromAdapter() ?? (await fromHere());
}

function fromAdapter(): PgClientClass | null {
  try {
    const adapter = createRequire(import.meta.url).resolve("@keyv/postgres");
    return clientClassOf(createRequire(adapter)("pg"));
  } catch {
    return null;
  }
}

async function fromHere(): Promise<PgClientClass | null> {
  // A variable, so that neither the type checker nor a bundler insists on the package.
  const name: string = "pg";
  const module: unknown = await import(name).catch(() => null);
  return clientClassOf(typeof module === "object" && module !== null && "default" in module ? module.default : module);
}

function clientClassOf(module: unknown): PgClientClass | null {
  if (typeof module !== "object" || module === null || !("Client" in module)) return null;
  return isClientClass(module.Client) ? module.Client : null;
}

function isClientClass(value: unknown): value is PgClientClass {
  return typeof value === "function";
}

/** Ends a client without waiting for a server that does not answer. */
export function destroyPgClient(client: PgClient): void {
  client.end().catch(() => {});
  client.connection?.stream?.destroy();
}
