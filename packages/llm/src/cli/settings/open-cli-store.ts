import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { type Env, readEnv } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { CommandContext } from "../command-context.ts";

/** The settings store of a command. */
export interface CliStore {
  readonly store: SettingsStore;
  /** Its URL or path, without credentials. */
  readonly location: string;
}

const VARIABLE = "BABYLON_SETTINGS_URL";

/** The settings URL of the flag or the variable; `undefined`: the default file. */
export function settingsUrlOf(flags: CommandContext["flags"], env: Env): string | undefined {
  return textFlag(flags, "settings") ?? readEnv(env, VARIABLE);
}

/**
 * Opens the settings: `--settings`, else `BABYLON_SETTINGS_URL`, else the default file. A command that only reads does not create
 * the default file. The caller closes the store.
 *
 * @throws SettingsError as `createSettingsStore`
 * @throws UsageError for a change of settings in memory, which would be lost when the command ends
 */
export async function openCliStore(context: CommandContext, use: "read" | "write"): Promise<CliStore> {
  const { flags, environment, host } = context;
  const { env } = environment;
  const configured = settingsUrlOf(flags, env);
  if (use === "write" && configured !== undefined && /^memory:/i.test(configured)) {
    throw new UsageError(
      "settings in memory:// are lost when this command ends: set another URL with --settings or BABYLON_SETTINGS_URL",
    );
  }
  const { createSettingsStore } = await import("@babylon/settings-store");
  // A command ends before changes of other processes matter.
  const options = { env, bus: false } as const;
  if (configured !== undefined) {
    const url = textFlag(flags, "settings");
    const store = await createSettingsStore({ ...options, ...(url === undefined ? {} : { url }) });
    return { store, location: store.status().location };
  }
  const file = resolve(host.cwd, "data/babylon.db");
  if (use === "read" && !(await exists(file))) {
    return {
      store: await createSettingsStore({ ...options, url: "memory://" }),
      location: `${file} (not created yet)`,
    };
  }
  const store = await createSettingsStore({ ...options, url: `sqlite://${escapePath(file)}` });
  return { store, location: store.status().location };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Escapes a path for a `sqlite://` URL, which is percent-decoded and ends at a question mark. */
const escapePath = (path: string): string => path.replaceAll("%", "%25").replaceAll("?", "%3F");
