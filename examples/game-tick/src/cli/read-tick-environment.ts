import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type Env, readEnv } from "@babylon/llm-core";
import { PROVIDERS, type ProviderId } from "./providers.ts";

/** The variables of a tick and their origin. */
export interface TickEnvironment {
  readonly env: Env;
  /** Ids of the providers with a key, in the order of the chain. */
  readonly withKey: readonly ProviderId[];
  /** Whether a `.env` file was read. */
  readonly fromFile: boolean;
}

/**
 * Merges the `.env` file of a directory and the process environment, which has precedence, into a new object.
 *
 * @throws Error if `.env` exists and cannot be read
 */
export async function readTickEnvironment(processEnv: Env, directory: string): Promise<TickEnvironment> {
  const file = await readEnvFile(join(directory, ".env"));
  const env = { ...file, ...processEnv };
  const withKey = PROVIDERS.filter(({ envKey }) => readEnv(env, envKey) !== undefined).map(({ id }) => id);
  return { env, withKey, fromFile: file !== null };
}

async function readEnvFile(path: string): Promise<Env | null> {
  try {
    return parseEnv(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Error(`${path} cannot be read`, { cause: error });
  }
}
