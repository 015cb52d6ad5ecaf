import type { Clock } from "@babylon/llm-core";
import type { Ledger, ScopeSums } from "@babylon/shared-state";
import type { BudgetWindow } from "../contract/budget-window.ts";
import type { EngineTime } from "../ledger/engine-time.ts";
import type { Refresher } from "../ledger/refresher.ts";
import { windowKey } from "../ledger/target.ts";
import type { Outage } from "../outage/outage.ts";
import type { CompiledBudget, MatchedRule } from "../rules/compiled-budget.ts";
import { findSeries } from "./find-windows.ts";
import { windowStatus } from "./window-status.ts";

/** What the status is read from. */
export interface StatusContext {
  readonly ledger: Ledger;
  readonly refresher: Pick<Refresher, "wanted">;
  readonly outage: Outage;
  readonly time: EngineTime;
  readonly clock: Clock;
}

/** The window of a status with the keys of its parts: one, or the steps of a rolling period, the oldest first. */
export interface ListedWindow {
  readonly status: BudgetWindow;
  readonly keys: readonly string[];
}

/** Keys that are read at once. */
const MAX_KEYS = 1_000;

const NO_SUMS: ScopeSums = { spent: 0, presumed: 0, held: 0 };

/** Lists the current windows of rules. While the store is away, those in use here, without sums. */
export async function readStatus(
  rules: readonly CompiledBudget[],
  context: StatusContext,
): Promise<readonly ListedWindow[]> {
  try {
    return await readStored(rules, context);
  } catch {
    return listKnown(rules, context);
  }
}

async function readStored(
  rules: readonly CompiledBudget[],
  { ledger }: StatusContext,
): Promise<readonly ListedWindow[]> {
  const now = await ledger.serverEpochMs();
  const lists = await Promise.all(rules.map((compiled) => findSeries(compiled, ledger, now)));
  const listed = lists.flat().map((matched) => ({ matched, keys: keysAt(matched, now) }));
  const sums = await readSums(
    ledger,
    listed.flatMap(({ keys }) => keys),
  );
  return listed.map(({ matched, keys }) => {
    const total = keys.reduce((sum, key) => add(sum, sums.get(key) ?? NO_SUMS), NO_SUMS);
    return { keys, status: statusOf(matched, total, null, now) };
  });
}

const add = (a: ScopeSums, b: ScopeSums): ScopeSums => ({
  spent: a.spent + b.spent,
  presumed: a.presumed + b.presumed,
  held: a.held + b.held,
});

async function readSums(ledger: Ledger, keys: readonly string[]): Promise<ReadonlyMap<string, ScopeSums>> {
  const sums = new Map<string, ScopeSums>();
  for (let at = 0; at < keys.length; at += MAX_KEYS) {
    const some = keys.slice(at, at + MAX_KEYS);
    for (const [index, sum] of (await ledger.status(some)).entries()) sums.set(some[index] ?? "", sum);
  }
  return sums;
}

function keysAt({ compiled, series }: MatchedRule, now: number): readonly string[] {
  const { stepsBefore, stepMs } = compiled.windows;
  const { startEpochMs } = compiled.windows.at(now);
  return Array.from(
    { length: stepsBefore + 1 },
    (_, step) => `${series}${startEpochMs - (stepsBefore - step) * stepMs}`,
  );
}

/** The name of what is left: as that of the targets of attempts. */
const leftKeyOf = ({ compiled, series }: MatchedRule, now: number): string =>
  compiled.windows.stepsBefore > 0 ? series : windowKey(series, compiled.windows.at(now));

function statusOf(matched: MatchedRule, sums: ScopeSums | null, share: number | null, now: number): BudgetWindow {
  const window = matched.compiled.windows.at(now);
  return windowStatus(matched, { key: leftKeyOf(matched, now), window, sums, share }, now);
}

function listKnown(
  rules: readonly CompiledBudget[],
  { refresher, outage, time, clock }: StatusContext,
): readonly ListedWindow[] {
  const now = time.nowEpochMs() ?? clock.now();
  const inUse = new Map([...refresher.wanted()].map((wanted) => [wanted.series, wanted]));
  return [...inUse.values()]
    .filter(({ compiled }) => rules.includes(compiled))
    .map((matched) => {
      const share = outage.shares()?.left(leftKeyOf(matched, now)) ?? null;
      return { keys: [], status: statusOf(matched, null, share, now) };
    });
}
