import { readFile } from "node:fs/promises";
import { join } from "node:path";
// See styles.ts.
import * as util from "node:util";
import { type Env, readEnv } from "@babylon/llm-core";
import { UsageError } from "./arguments/usage-error.ts";

/** The variables a command runs with. */
export interface Environment {
  /** The process environment over the file. A new object: nothing is written back. */
  readonly env: Env;
  /** The `.env` that was read, an absolute path; `null` when there is none. */
  readonly envFile: string | null;
  /** Whether a variable is set, and where. A variable of the process wins, unless it is empty. */
  sourceOf(variable: string): "environment" | ".env" | null;
}

/**
 * Reads `.env` of a directory and lays the process environment over it.
 *
 * @throws UsageError when there is a `.env` that cannot be read
 */
export async function readEnvironment(processEnv: Env, directory: string): Promise<Environment> {
  const path = join(directory, ".env");
  const file = await readEnvFile(path);
  const variables = Object.entries(processEnv).filter(([name]) => readEnv(processEnv, name) !== undefined);
  const env = { ...file, ...Object.fromEntries(variables) };
  return {
    env,
    envFile: file === null ? null : path,
    sourceOf(variable) {
      if (readEnv(processEnv, variable) !== undefined) return "environment";
      return readEnv(env, variable) === undefined ? null : ".env";
    },
  };
}

async function readEnvFile(path: string): Promise<Env | null> {
  try {
    return util.parseEnv(await readFile(path, "utf8"));
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
    if (code === "ENOENT") return null;
    throw new UsageError(`${path} cannot be read (${String(code)}): check its permissions, or remove it`);
  }
}
