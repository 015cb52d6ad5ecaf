import type { SettingsSource } from "@babylon/llm-core";
import { formatDuration } from "@babylon/llm-core/status";
import type { SettingsStore } from "@babylon/settings-store";
import type { CommandContext } from "../command-context.ts";
import { describeError } from "../output/describe-error.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import type { Finding } from "./finding.ts";

/** The finding about the settings, and the store if it could be opened; the caller closes it. */
export interface StoreCheck {
  readonly finding: Finding;
  readonly store: SettingsStore | null;
}

/** Opens the settings and reads them. Never rejects. */
export async function checkStore(context: CommandContext): Promise<StoreCheck> {
  const { clock } = context.host;
  const about = "settings";
  const startedAt = clock.monotonic();
  try {
    const { store, location } = await openCliStore(context, "read");
    const { cas, version } = store.status();
    const took = formatDuration(clock.monotonic() - startedAt);
    const message = `${location}, ${version === 0 ? "nothing stored" : `version ${version}`}, read in ${took}`;
    const finding: Finding =
      cas === "none"
        ? {
            about,
            verdict: "warning",
            message: `${message}; concurrent changes of several processes can be lost`,
            fix: "store them in SQLite, Redis or Postgres",
          }
        : { about, verdict: "good", message, fix: null };
    return { finding, store };
  } catch (thrown) {
    const { message, fix } = describeError(thrown, context.providers);
    return { finding: { about, verdict: "bad", message, fix }, store: null };
  }
}

/** The settings for the other checks: the stored ones, or none. */
export function settingsOf({ store }: StoreCheck): { readonly settings?: SettingsSource } {
  return store === null ? {} : { settings: store };
}
