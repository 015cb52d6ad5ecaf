import type { Ledger } from "@babylon/shared-state";
import type { CompiledBudget, MatchedRule } from "../rules/compiled-budget.ts";
import { seriesOf, subjectOf } from "../rules/match-rules.ts";

/** Windows of one rule that are listed at most. */
const MAX_WINDOWS = 10_000;

/** The start of a window, after the last separator of its key. */
const seriesOfKey = (key: string): string => key.slice(0, key.lastIndexOf("|") + 1);

/**
 * The values that a rule has current windows for: the one that it names, or those of the shared state. Rejects with a `StorageError`.
 *
 * @param now - the time of the ledger, epoch milliseconds
 */
export async function findSeries(
  compiled: CompiledBudget,
  ledger: Pick<Ledger, "windows">,
  now: number,
): Promise<readonly MatchedRule[]> {
  if (compiled.fields.every(([, value]) => value !== "*")) {
    const subject = Object.fromEntries(compiled.fields);
    return [{ compiled, subject, series: seriesOf(compiled, subject) }];
  }
  const { windows } = await ledger.windows({ prefix: compiled.keyPrefix, limit: MAX_WINDOWS });
  // A window that has ended is kept for a while. A step of a rolling period ends there when it does not count any more.
  const current = windows.filter(({ endEpochMs }) => endEpochMs === null || endEpochMs > now);
  return [...new Set(current.map(({ key }) => seriesOfKey(key)))].flatMap((series) => {
    const subject = subjectOf(compiled, series);
    return subject === null ? [] : [{ compiled, subject, series }];
  });
}
