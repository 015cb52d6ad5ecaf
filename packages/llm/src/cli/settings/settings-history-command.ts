import type { HistoryEntry } from "@babylon/settings-store";
import { wholeFlag } from "../arguments/read-flag.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliStore } from "./open-cli-store.ts";

const DEFAULT_LIMIT = 20;

/** Prints the history of the settings, newest first. */
export const settingsHistoryCommand: Command = async (context) => {
  const { flags, json, print } = context;
  const limit = wholeFlag(flags, "limit", 1) ?? DEFAULT_LIMIT;
  const { store, location } = await openCliStore(context, "read");
  try {
    const all = await store.history();
    const entries = all.slice(0, limit);
    if (json) {
      print.json({ ok: true, location, total: all.length, history: entries.map(toJSON) });
      return EXIT.ok;
    }
    if (all.length === 0) print.note(`${location}: no changes yet`);
    const { bold, dim } = print.styles;
    const rows = entries.map(({ version, at, by, reason, patch }) => [
      bold(String(version)),
      at,
      by ?? dim("unknown"),
      JSON.stringify(patch),
      reason === null ? "" : dim(reason),
    ]);
    print.lines(...formatTable(rows));
    if (entries.length < all.length)
      print.note(`${all.length - entries.length} older changes: use --limit ${all.length}`);
    return EXIT.ok;
  } finally {
    await store.close();
  }
};

function toJSON({ version, at, by, reason, patch, settings }: HistoryEntry): object {
  return { version, at, by, reason, patch, settings };
}
