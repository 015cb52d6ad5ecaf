import type { UsageBucket } from "@babylon/record-store";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliRecords } from "./open-cli-records.ts";
import { printUsage } from "./print-usage.ts";
import { byFlag, sinceFlag, whereFlag, zoneFlag } from "./read-records-flags.ts";

const BUCKETS: readonly UsageBucket[] = ["all", "hour", "day", "month"];

/** Prints calls, tokens, cost and latency from the records. */
export const usageCommand: Command = async (context) => {
  const { flags, host, json, print } = context;
  const bucket = bucketFlag(context);
  const by = byFlag(flags);
  const to = host.clock.now() + 1;
  const timeZone = zoneFlag(flags);
  const where = whereFlag(flags);
  const top = wholeFlag(flags, "top", 1);
  if (json && flags.has("csv")) throw new UsageError("--csv and --json exclude each other");
  const from = await sinceFlag(flags, { fallback: "7d", nowEpochMs: to, timeZone });
  const query = { from, to, timeZone, bucket, by, where };
  const records = await openCliRecords(context);
  try {
    const rows = await records.usage({ ...query, top, abortSignal: host.abortSignal });
    if (json) print.json({ ok: true, ...query, rows });
    else if (flags.has("csv"))
      print.text((await import("@babylon/record-store/contract")).toUsageCsv({ rows, by, timeZone }));
    else print.lines(...printUsage(rows, query));
    return EXIT.ok;
  } finally {
    await records.close();
  }
};

function bucketFlag({ flags }: CommandContext): UsageBucket {
  const text = textFlag(flags, "bucket") ?? "all";
  const bucket = BUCKETS.find((one) => one === text);
  if (bucket === undefined) throw new UsageError(`--bucket: expected ${BUCKETS.join(", ")}, got "${text}"`);
  return bucket;
}
