import { checkName } from "../contract/check-name.ts";
import { checkAmount, checkDuration } from "../contract/check-number.ts";
import { invalid } from "../contract/invalid.ts";
import type { ScopeAsk, SeenSums, Settlement, WindowEnd } from "../contract/ledger.ts";
import type { EngineEnd, HoldScope, SettleInput, SettleScope } from "../contract/state-engine.ts";

const MAX_SCOPES = 64;

function checkEnd(at: string, { endsInMs = null, window }: WindowEnd): EngineEnd {
  if (window === undefined) {
    if (endsInMs === null) return { endsInMs, endEpochMs: null };
    // A window may have ended since the moment at which its end was computed.
    if (endsInMs <= 0) return { endsInMs: 0, endEpochMs: null };
    return { endsInMs: checkDuration(`${at}.endsInMs`, endsInMs), endEpochMs: null };
  }
  const { startEpochMs, endEpochMs } = window;
  if (endsInMs !== null) throw invalid(`${at}.endsInMs`, "expected either endsInMs or window, not both");
  if (!(Number.isFinite(startEpochMs) && Number.isFinite(endEpochMs) && startEpochMs < endEpochMs)) {
    throw invalid(`${at}.window`, "expected an end after its start");
  }
  return { endsInMs, endEpochMs: Math.ceil(endEpochMs) };
}

function checkKeys(at: string, scopes: readonly { readonly key: string }[]): void {
  if (!Array.isArray(scopes) || scopes.length === 0) throw invalid(at, "expected at least one scope");
  if (scopes.length > MAX_SCOPES) throw invalid(at, `expected at most ${MAX_SCOPES} scopes`);
  for (const [index, { key }] of scopes.entries()) {
    checkName(`${at}[${index}].key`, key);
    for (let before = 0; before < index; before += 1) {
      if (scopes[before]?.key === key) throw invalid(`${at}[${index}].key`, "the same key twice");
    }
  }
}

/** Checks the scopes of an ask. Throws `invalid`. */
export function checkScopes(scopes: readonly ScopeAsk[], amountOfAll: number | undefined): readonly HoldScope[] {
  checkKeys("scopes", scopes);
  return scopes.map((scope, index) => {
    const at = `scopes[${index}]`;
    const { key, limit, amount = amountOfAll } = scope;
    checkAmount(`${at}.limit`, limit);
    if (amount === undefined) throw invalid(`${at}.amount`, "expected an amount here or in the ask");
    checkAmount(scope.amount === undefined ? "amount" : `${at}.amount`, amount);
    const startEpochMs = scope.window === undefined ? null : Math.ceil(scope.window.startEpochMs);
    return { key, limit, amount, startEpochMs, ...checkEnd(at, scope) };
  });
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
  return { id, all: null, scopes: result.scopes.map((scope, index) => toSettleScope(`scopes[${index}]`, scope)) };
}

/** Checks sums to be handed in. Throws `invalid`. */
export function checkSeen(seen: readonly SeenSums[]): readonly (SettleScope & { readonly epoch: string })[] {
  return seen.map((sums, index) => {
    const at = `seen[${index}]`;
    checkName(`${at}.key`, sums.key);
    checkName(`${at}.epoch`, sums.epoch);
    return { ...toSettleScope(at, sums), epoch: sums.epoch };
  });
}

function toSettleScope(
  at: string,
  scope: WindowEnd & { readonly key: string; readonly spent: number; readonly presumed: number },
): SettleScope {
  const { key, spent, presumed } = scope;
  checkAmount(`${at}.spent`, spent);
  checkAmount(`${at}.presumed`, presumed);
  return { key, spent, presumed, ...checkEnd(at, scope) };
}
