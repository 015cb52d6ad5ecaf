import type { FoundWindow, ScopeSums, SharedState } from "@babylon/shared-state";
import type { BudgetUnit, ScopeField } from "../rules/compiled-budget.ts";
import { parseWindowKey } from "./parse-window-key.ts";
import { seenRules } from "./rule-descriptions.ts";

/**
 * The current window of a rule that this process does not have, such as one in the code of a service: its name and its sums, and the limit
 * that a process with the rule last had. Amounts are billionths of a US dollar, or tokens.
 */
export interface OtherWindow extends ScopeSums {
  /** The name of the window in the shared state; for a rolling period, of all its steps. */
  readonly key: string;
  readonly rule: string;
  readonly scope: Readonly<Partial<Record<ScopeField, string>>>;
  /** As in the rule; a rolling period is `rolling` and its milliseconds. */
  readonly per: string;
  readonly timeZone: string;
  readonly unit: BudgetUnit;
  /** The limit of the rule as a process last had it; `null`: no process has said it. */
  readonly limit: number | null;
  /** When a process with this limit ran, epoch milliseconds, exact to an hour; `null`: not known. */
  readonly seenAt: number | null;
  /** Epoch milliseconds; `null`: it never ends, or it rolls. */
  readonly endsAt: number | null;
}

const MAX_WINDOWS = 10_000;

/** The parts of a key that are the rule: `budget`, id, unit, period, time zone. */
const PREFIX_PARTS = 5;

type SeenRules = Awaited<ReturnType<typeof seenRules>>;

/**
 * Lists the current windows of budgets in the shared state, without those of some rules. Rejects with a `StorageError`.
 *
 * @param state - of `openSharedState`
 * @param known - ids of rules that are left out
 */
export async function otherWindows(
  state: Pick<SharedState, "ledger">,
  known: ReadonlySet<string>,
): Promise<readonly OtherWindow[]> {
  const now = await state.ledger.serverEpochMs();
  const { windows } = await state.ledger.windows({ prefix: "budget|", limit: MAX_WINDOWS });
  const seen = await seenRules(state.ledger);
  const found = new Map<string, OtherWindow>();
  for (const stored of windows) {
    const window = parseWindow(stored, seen, now);
    if (window === null || known.has(window.rule)) continue;
    const before = found.get(window.key);
    found.set(window.key, before === undefined ? window : { ...window, ...add(before, window) });
  }
  return [...found.values()];
}

const add = (a: ScopeSums, b: ScopeSums): ScopeSums => ({
  spent: a.spent + b.spent,
  presumed: a.presumed + b.presumed,
  held: a.held + b.held,
});

/** `null`: it has ended, or is not of a budget of this version. */
function parseWindow(
  { key, endEpochMs, spent, presumed, held }: FoundWindow,
  seen: SeenRules,
  now: number,
): OtherWindow | null {
  const parsed = parseWindowKey(key);
  // A step of a rolling period ends in the ledger when it does not count any more.
  if (parsed === null || (endEpochMs !== null && endEpochMs <= now)) return null;
  const { rule, scope, per, timeZone, unit } = parsed;
  const isRolling = per.startsWith("rolling");
  const known = seen.get(key.split("|").slice(0, PREFIX_PARTS).concat("").join("|")) ?? null;
  return {
    key: isRolling ? key.slice(0, key.lastIndexOf("|") + 1) : key,
    rule,
    scope,
    per,
    timeZone,
    unit,
    spent,
    presumed,
    held,
    limit: known?.compiled.limit ?? null,
    seenAt: known?.seenAt ?? null,
    endsAt: isRolling ? null : endEpochMs,
  };
}
