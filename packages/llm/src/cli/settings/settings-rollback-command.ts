import { parseWhole } from "../arguments/read-flag.ts";
import type { Command } from "../command-context.ts";
import { openCliStore } from "./open-cli-store.ts";
import { reportUpdate } from "./report-update.ts";
import { updateOptions } from "./update-options.ts";

/** Stores the settings of an older version as a new one. */
export const settingsRollbackCommand: Command = async (context) => {
  const version = parseWhole(context.operands[0] ?? "", "settings rollback", 0);
  const options = updateOptions(context);
  const { store, location } = await openCliStore(context, "write");
  try {
    return await reportUpdate(await store.rollback(version, options), store, location, context);
  } finally {
    await store.close();
  }
};
