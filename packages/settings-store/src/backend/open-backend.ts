import type { Env } from "@babylon/llm-core";
import { readEnv } from "@babylon/llm-core";
import { parseStorageUrl, StorageError, type StorageUrl } from "@babylon/storage";
import { invalidOption } from "../errors/settings-error.ts";
import { createToSettingsError } from "../errors/to-settings-error.ts";
import type { OpenContext, OpenedBackend } from "./open-context.ts";
import { openKeyvBackend } from "./open-keyv-backend.ts";
import { openUrlBackend } from "./open-url-backend.ts";

/** The options that choose a backend. */
export interface BackendChoice {
  readonly url?: string | undefined;
  readonly keyv?: object | undefined;
  readonly env: Env;
  readonly workingDirectory: string;
}

const DEFAULT_URL = "sqlite://./data/babylon.db";

const VARIABLE = "BABYLON_SETTINGS_URL";

/**
 * Opens the backend of the `keyv` option, the `url` option, the variable `BABYLON_SETTINGS_URL`, or the default. Throws `invalid`,
 * `unavailable` and `incompatible_store`. Does not connect to servers yet.
 */
export async function openBackend(choice: BackendChoice, context: OpenContext): Promise<OpenedBackend> {
  const { url, keyv, env, workingDirectory } = choice;
  if (url !== undefined && keyv !== undefined) throw invalidOption("keyv", "expected either url or keyv, not both");
  if (keyv !== undefined) return openKeyvBackend(keyv, context).catch(failAt("keyv"));
  const fromEnv = url === undefined ? readEnv(env, VARIABLE) : undefined;
  const at = url === undefined ? VARIABLE : "url";
  const parsed = parseUrl(url ?? fromEnv ?? DEFAULT_URL, at, workingDirectory);
  return openUrlBackend(parsed, at, context).catch(failAt("location" in parsed ? parsed.location : at));
}

function parseUrl(text: string, at: string, workingDirectory: string): StorageUrl {
  try {
    return parseStorageUrl(text, at, workingDirectory);
  } catch (thrown) {
    return failAt(at)(thrown);
  }
}

/** Converts an error of a storage that is being opened to a `SettingsError`. */
function failAt(location: string): (thrown: unknown) => never {
  return (thrown) => {
    throw thrown instanceof StorageError ? createToSettingsError(location, [])(thrown) : thrown;
  };
}
