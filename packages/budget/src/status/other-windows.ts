import type { FoundWindow, ScopeSums, SharedState } from "@babylon/shared-state";
import { type BudgetUnit, SCOPE_FIELDS, type ScopeField } from "../rules/compiled-budget.ts";

/**
 * The current window of a rule that this process does not have, such as one in the code of a service: its name and its sums, and no limit.
 * Amounts are billionths of a US dollar, or tokens.
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
  /** Epoch milliseconds; `null`: it never ends, or it rolls. */
  readonly endsAt: number | null;
}

const MAX_WINDOWS = 10_000;

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
  const found = new Map<string, OtherWindow>();
  for (const stored of windows) {
    const window = parseWindow(stored, now);
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
function parseWindow({ key, endEpochMs, spent, presumed, held }: FoundWindow, now: number): OtherWindow | null {
  const [, rule = "", unit = "", per = "", timeZone = "", values = "", start] = key.split("|");
  if (start === undefined || (unit !== "usd" && unit !== "tokens")) return null;
  // A step of a rolling period ends in the ledger when it does not count any more.
  if (endEpochMs !== null && endEpochMs <= now) return null;
  const isRolling = per.startsWith("rolling");
  return {
    key: isRolling ? key.slice(0, key.lastIndexOf("|") + 1) : key,
    rule,
    scope: parseScope(values),
    per,
    timeZone,
    unit,
    spent,
    presumed,
    held,
    endsAt: isRolling ? null : endEpochMs,
  };
}

function parseScope(values: string): OtherWindow["scope"] {
  const scope: Partial<Record<ScopeField, string>> = {};
  for (const part of values.split(",")) {
    const [name, encoded = ""] = part.split("=");
    const field = SCOPE_FIELDS.find((one) => one === name);
    if (field !== undefined) scope[field] = decode(encoded);
  }
  return scope;
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
