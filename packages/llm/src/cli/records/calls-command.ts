import { formatDuration } from "@babylon/llm-core/status";
import type { CallSummary, CallsQuery, RecordStore } from "@babylon/record-store";
import { wholeFlag } from "../arguments/read-flag.ts";
import type { CliHost } from "../cli-host.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { costOrUnknown } from "../output/format-cost.ts";
import { openCliRecords } from "./open-cli-records.ts";
import { sinceFlag, whereFlag } from "./read-records-flags.ts";

const DEFAULT_LIMIT = 20;
const FOLLOW_MS = 1_000;
/** Calls of one page, and those that are read at each look of `--follow`: a busy second. */
const MAX_LIMIT = 1_000;

/** Prints the log of calls, the newest last; with `--follow` also new calls, until Ctrl-C. */
export const callsCommand: Command = async (context) => {
  const { flags, host } = context;
  const where = flags.has("failed") ? { ...whereFlag(flags), outcome: ["failed", "interrupted"] } : whereFlag(flags);
  const limit = wholeFlag(flags, "limit", 1, MAX_LIMIT) ?? DEFAULT_LIMIT;
  const from = await sinceFlag(flags, { fallback: "30d", nowEpochMs: host.clock.now() });
  const records = await openCliRecords(context);
  try {
    const { calls, next } = await records.calls({ where, from, limit });
    const follows = flags.has("follow");
    if (context.json && !follows) context.print.json({ ok: true, calls });
    else printCalls(context, calls);
    if (!context.json) context.print.note(...notesOf(calls, next !== null && !follows, from));
    if (!follows) return EXIT.ok;
    await follow(context, records, { where, from, limit: MAX_LIMIT }, calls);
    return EXIT.stopped;
  } finally {
    await records.close();
  }
};

/** What the log does not show. */
function notesOf(calls: readonly CallSummary[], hasMore: boolean, from: number): string[] {
  if (calls.length === 0) return [`No such calls since ${new Date(from).toISOString()}.`];
  return hasMore ? [`The newest ${calls.length}; for older ones set --limit, at most ${MAX_LIMIT}.`] : [];
}

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
    seen = new Set([...calls.map(({ callId }) => callId), ...seen].slice(0, 10 * MAX_LIMIT));
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
  const link = provider === null ? "no answer" : `${provider} ${model}`;
  const { inputTokens, outputTokens } = totalUsage;
  return [
    styles.dim(new Date(startedAt).toISOString()),
    outcome === "success"
      ? styles.good(outcome)
      : styles.bad(`${outcome}${error === undefined ? "" : `: ${error.code}`}`),
    link,
    ...(agent === null ? [] : [`agent ${agent}`]),
    ...(attempts > 1 ? [styles.warning(`${attempts} attempts`)] : []),
    formatDuration(durationMs),
    inputTokens === null && outputTokens === null
      ? "tokens unknown"
      : `${inputTokens ?? "?"} + ${outputTokens ?? "?"} tokens`,
    ...(cost === undefined ? [] : [costOrUnknown(cost.nanoUsd)]),
    styles.dim(callId),
  ].join("  ");
}
