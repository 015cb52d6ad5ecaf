import { type BudgetUnit, SCOPE_FIELDS, type ScopeField } from "../rules/compiled-budget.ts";

/** What the key of a window says. */
export interface WindowKey {
  readonly rule: string;
  readonly scope: Readonly<Partial<Record<ScopeField, string>>>;
  /** As in the rule; a rolling period is `rolling` and its milliseconds. */
  readonly per: string;
  readonly timeZone: string;
  readonly unit: BudgetUnit;
  /** Epoch milliseconds; of a rolling period the start of a step. `null`: the key of all steps, or of a window without a start. */
  readonly startsAt: number | null;
}

/** Reads the key of a window, as `compileRule` and `seriesOf` make it; `null`: it is not of a budget of this version. */
export function parseWindowKey(key: string): WindowKey | null {
  const [, rule = "", unit = "", per = "", timeZone = "", values = "", start] = key.split("|");
  if (start === undefined || (unit !== "usd" && unit !== "tokens")) return null;
  const startsAt = Number(start);
  return { rule, scope: parseScope(values), per, timeZone, unit, startsAt: startsAt > 0 ? startsAt : null };
}

function parseScope(values: string): WindowKey["scope"] {
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
