import type { SettingsPatch } from "@babylon/settings-store";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCliStore } from "./open-cli-store.ts";
import { parseAssignments } from "./parse-assignments.ts";
import { reportUpdate } from "./report-update.ts";
import { updateOptions } from "./update-options.ts";

/** Changes the settings, all assignments at once. */
export const settingsSetCommand: Command = async (context): Promise<ExitCode> => {
  const patch = patchOf(context);
  const options = updateOptions(context);
  const { store, location } = await openCliStore(context, "write");
  try {
    return await reportUpdate(await store.update(patch, options), store, location, context);
  } finally {
    await store.close();
  }
};

function patchOf({ operands, flags }: CommandContext): SettingsPatch {
  const text = textFlag(flags, "patch");
  if (text !== undefined && operands.length > 0) {
    throw new UsageError("give either assignments or --patch");
  }
  if (text !== undefined) return parsePatchText(text);
  if (operands.length === 0) {
    throw new UsageError("settings set needs path=value, such as order=groq,wandb, or --patch");
  }
  return parseAssignments(operands);
}

function parsePatchText(text: string): SettingsPatch {
  try {
    // The store validates the content and reports the path of each error.
    return JSON.parse(text) as SettingsPatch;
  } catch {
    throw new UsageError('--patch is not JSON: expected a merge patch such as \'{"order":["groq"]}\'');
  }
}
