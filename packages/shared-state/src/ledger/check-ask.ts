import { checkName, nameProblem } from "../contract/check-name.ts";
import { checkAmount, checkDuration, isAmount, notAmount } from "../contract/check-number.ts";
import { invalid } from "../contract/invalid.ts";
import type { ScopeAsk, SeenSums, Settlement, WindowEnd } from "../contract/ledger.ts";
import type { HoldScope, SettleInput, SettleScope } from "../contract/state-engine.ts";

// Each attempt is checked, so the path of a field is put together only for an error.

const MAX_SCOPES = 64;

/** The end of a window by any clock, in whole milliseconds; `null`: it has none, or has it by the engine's clock. */
function checkEndsIn(list: string, index: number, { endsInMs = null, window }: WindowEnd): number | null {
  if (endsInMs === null) return null;
  if (window !== undefined) throw invalid(`${list}[${index}].endsInMs`, "expected either endsInMs or window, not both");
  // A window may have ended since the moment at which its end was computed.
  return endsInMs <= 0 ? 0 : checkDuration(`${list}[${index}].endsInMs`, endsInMs);
}

/** The end of a window by the engine's clock; `null`: it has none, or has it by any clock. */
function checkWindow(list: string, index: number, { window }: WindowEnd): number | null {
  if (window === undefined) return null;
  const { startEpochMs, endEpochMs } = window;
  if (!(Number.isFinite(startEpochMs) && Number.isFinite(endEpochMs) && startEpochMs < endEpochMs)) {
    throw invalid(`${list}[${index}].window`, "expected an end after its start");
  }
  return Math.ceil(endEpochMs);
}

function checkKeys(list: string, scopes: readonly { readonly key: string }[]): void {
  if (!Array.isArray(scopes) || scopes.length === 0) throw invalid(list, "expected at least one scope");
  if (scopes.length > MAX_SCOPES) throw invalid(list, `expected at most ${MAX_SCOPES} scopes`);
  for (let index = 0; index < scopes.length; index += 1) {
    const key = scopes[index]?.key;
    const problem = nameProblem(key);
    if (problem !== null) throw invalid(`${list}[${index}].key`, problem);
    for (let before = 0; before < index; before += 1) {
      if (scopes[before]?.key === key) throw invalid(`${list}[${index}].key`, "the same key twice");
    }
  }
}

function toHoldScope(scope: ScopeAsk, index: number, amountOfAll: number | undefined): HoldScope {
  const { key, limit, window, amount = amountOfAll } = scope;
  if (!isAmount(limit)) throw notAmount(`scopes[${index}].limit`);
  if (amount === undefined) throw invalid(`scopes[${index}].amount`, "expected an amount here or in the ask");
  if (!isAmount(amount)) throw notAmount(scope.amount === undefined ? "amount" : `scopes[${index}].amount`);
  return {
    key,
    limit,
    amount,
    endsInMs: checkEndsIn("scopes", index, scope),
    endEpochMs: checkWindow("scopes", index, scope),
    startEpochMs: window === undefined ? null : Math.ceil(window.startEpochMs),
  };
}

/** Checks the scopes of an ask. Throws `invalid`. */
export function checkScopes(scopes: readonly ScopeAsk[], amountOfAll: number | undefined): readonly HoldScope[] {
  checkKeys("scopes", scopes);
  return scopes.map((scope, index) => toHoldScope(scope, index, amountOfAll));
}

/** Checks a settlement. Throws `invalid`. */
export function checkSettlement(id: string, result: Settlement): SettleInput {
  checkName("id", id);
  if (!("scopes" in result)) {
    const { spent, presumed } = result;
    checkAmount("spent", spent);
    checkAmount("presumed", presumed);
    return { id, all: { spent, presumed }, scopes: null };
  }
  checkKeys("scopes", result.scopes);
  return { id, all: null, scopes: result.scopes.map((scope, index) => toSettleScope("scopes", scope, index)) };
}

/** Checks sums to be handed in. Throws `invalid`. */
export function checkSeen(seen: readonly SeenSums[]): readonly (SettleScope & { readonly epoch: string })[] {
  return seen.map((sums, index) => {
    checkName(`seen[${index}].key`, sums.key);
    checkName(`seen[${index}].epoch`, sums.epoch);
    return { ...toSettleScope("seen", sums, index), epoch: sums.epoch };
  });
}

function toSettleScope(
  list: string,
  scope: WindowEnd & { readonly key: string; readonly spent: number; readonly presumed: number },
  index: number,
): SettleScope {
  const { key, spent, presumed } = scope;
  if (!isAmount(spent)) throw notAmount(`${list}[${index}].spent`);
  if (!isAmount(presumed)) throw notAmount(`${list}[${index}].presumed`);
  return {
    key,
    spent,
    presumed,
    endsInMs: checkEndsIn(list, index, scope),
    endEpochMs: checkWindow(list, index, scope),
  };
}
