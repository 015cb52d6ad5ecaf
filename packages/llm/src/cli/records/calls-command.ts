import { formatDuration } from "@babylon/llm-core/status";
import type { CallSummary, CallsQuery, RecordStore } from "@babylon/record-store";
import { wholeFlag } from "../arguments/read-flag.ts";
import type { CliHost } from "../cli-host.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatCost } from "../output/format-cost.ts";
import { openCliRecords } from "./open-cli-records.ts";
import { sinceFlag, whereFlag } from "./read-records-flags.ts";

const DEFAULT_LIMIT = 20;
const FOLLOW_MS = 1_000;
/** Calls that are read at each look of `--follow`: a busy second. */
const FOLLOW_LIMIT = 1_000;

/** Prints the log of calls, the newest last; with `--follow` also new calls, until Ctrl-C. */
export const callsCommand: Command = async (context) => {
  const { flags, host } = context;
  const where = flags.has("failed") ? { ...whereFlag(flags), outcome: ["failed", "interrupted"] } : whereFlag(flags);
  const from = sinceFlag(flags, "30d", host.clock.now());
  const limit = wholeFlag(flags, "limit", 1) ?? DEFAULT_LIMIT;
  const records = await openCliRecords(context);
  try {
    const { calls } = await records.calls({ where, from, limit: Math.min(limit, FOLLOW_LIMIT) });
    const follows = flags.has("follow");
    if (context.json && !follows) context.print.json({ ok: true, calls });
    else printCalls(context, calls);
    if (!follows) return EXIT.ok;
    await follow(context, records, { where, from, limit: FOLLOW_LIMIT }, calls);
    return EXIT.stopped;
  } finally {
    await records.close();
  }
};

function printCalls({ json, print }: CommandContext, calls: readonly CallSummary[]): void {
  for (const call of calls.toReversed()) {
    if (json) print.json(call, "line");
    else print.lines(toLine(call, print.styles));
  }
}

async function follow(
  context: CommandContext,
  records: RecordStore,
  query: CallsQuery,
  shown: readonly CallSummary[],
): Promise<void> {
  let seen = new Set(shown.map(({ callId }) => callId));
  // What was older than the first page has been left out, and stays so.
  const oldest = shown.at(-1)?.startedAt ?? query.from ?? 0;
  while (!context.host.abortSignal.aborted) {
    await pause(context.host);
    if (context.host.abortSignal.aborted) return;
    const { calls } = await records.calls({ ...query, from: Math.max(query.from ?? 0, oldest) });
    printCalls(
      context,
      calls.filter(({ callId }) => !seen.has(callId)),
    );
    seen = new Set([...calls.map(({ callId }) => callId), ...seen].slice(0, 10 * FOLLOW_LIMIT));
  }
}

/** Waits for the next look, or until Ctrl-C. */
function pause({ clock, abortSignal }: CliHost): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clock.clearTimeout(timer);
      abortSignal.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.setTimeout(end, FOLLOW_MS);
    abortSignal.addEventListener("abort", end, { once: true });
  });
}

function toLine(call: CallSummary, styles: CommandContext["print"]["styles"]): string {
  const { startedAt, callId, outcome, provider, model, attempts, durationMs, totalUsage, cost, error, agent } = call;
  const isGood = outcome === "success";
  const link = provider === null ? "no answer" : `${provider} ${model}`;
  const { inputTokens, outputTokens } = totalUsage;
  return [
    styles.dim(new Date(startedAt).toISOString()),
    isGood ? styles.good("ok") : styles.bad(`${outcome}${error === undefined ? "" : `: ${error.code}`}`),
    link,
    ...(agent === null ? [] : [`agent ${agent}`]),
    ...(attempts > 1 ? [styles.warning(`${attempts} attempts`)] : []),
    formatDuration(durationMs),
    `${inputTokens ?? "?"} + ${outputTokens ?? "?"} tokens`,
    ...(cost === undefined ? [] : [formatCost(cost.nanoUsd)]),
    styles.dim(callId),
  ].join("  ");
}
