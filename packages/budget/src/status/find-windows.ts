import type { Ledger } from "@babylon/shared-state";
import type { Refresher } from "../ledger/refresher.ts";
import type { CompiledRule, MatchedRule } from "../rules/compiled-rule.ts";
import { seriesOf, subjectOf } from "../rules/match-rules.ts";

/** Windows of one rule that are listed at most. */
const MAX_WINDOWS = 10_000;

/** The start of a window, after the last separator of its key. */
const seriesOfKey = (key: string): string => key.slice(0, key.lastIndexOf("|") + 1);

/**
 * The values that a rule has windows for: the one that it names, or those of the shared state and of this process. Rejects with a
 * `StorageError`.
 */
export async function findSeries(
  compiled: CompiledRule,
  ledger: Pick<Ledger, "windows">,
  refresher: Pick<Refresher, "wanted">,
): Promise<readonly MatchedRule[]> {
  if (compiled.fields.every(([, value]) => value !== "*")) {
    const subject = Object.fromEntries(compiled.fields);
    return [{ compiled, subject, series: seriesOf(compiled, subject) }];
  }
  const { windows } = await ledger.windows({ prefix: compiled.keyPrefix, limit: MAX_WINDOWS });
  const found = new Set(windows.map(({ key }) => seriesOfKey(key)));
  for (const wanted of refresher.wanted()) found.add(wanted.series);
  return [...found].toSorted().flatMap((series) => {
    const subject = subjectOf(compiled, series);
    return subject === null ? [] : [{ compiled, subject, series }];
  });
}
