import { invalidInput } from "@babylon/llm-core";
import { parseDay } from "../table/day-number.ts";
import type { PicoPrices, Ratio } from "../table/price-row.ts";
import { checkRule } from "./check-rule.ts";
import { type ModelMatch, matchModel } from "./match-model.ts";
import type { PriceRule, UsdPerMTok } from "./price-rule.ts";

/** A validated rule. */
export interface CompiledRule {
  /** `null`: every provider. */
  readonly provider: string | null;
  readonly model: string;
  readonly matches: ModelMatch;
  readonly isPattern: boolean;
  readonly from: string | null;
  /** Day numbers, half open. */
  readonly fromDay: number;
  readonly untilDay: number;
  readonly above: number;
  readonly pico: PicoPrices | null;
  readonly multiply: Ratio | null;
  readonly tiers: Readonly<Record<string, Ratio>> | null;
  readonly picoPerSearch: number | null;
}

/** Validates rules and converts their prices to integers. Throws `invalid_input` with the path of the mistake, below `path`. */
export function compileRules(rules: readonly PriceRule[], path: string): readonly CompiledRule[] {
  if (!Array.isArray(rules)) throw invalidInput(path, "a list of rules");
  return rules.map((rule, index) => {
    checkRule(rule, `${path}[${index}]`);
    const {
      provider,
      model,
      from = null,
      until,
      above = 0,
      usdPerMTok,
      multiply = null,
      tiers = null,
      usdPer1000,
    } = rule;
    return {
      provider: provider === "*" ? null : provider,
      model,
      matches: matchModel(model),
      isPattern: model.includes("*"),
      from,
      fromDay: from === null ? Number.NEGATIVE_INFINITY : (parseDay(from) ?? Number.NaN),
      untilDay: until === undefined ? Number.POSITIVE_INFINITY : (parseDay(until) ?? Number.NaN),
      above,
      pico: usdPerMTok === undefined ? null : toPicoPrices(usdPerMTok),
      multiply,
      tiers,
      picoPerSearch: usdPer1000?.webSearches === undefined ? null : toPico(usdPer1000.webSearches) * 1_000,
    };
  });
}

/** Dollars per million of something to trillionths of a dollar for one. */
const toPico = (usdPerMillion: number): number => Math.round(usdPerMillion * 1e6);

function toPicoPrices({ input, output, cacheRead, cacheWrite, longCacheWrite }: UsdPerMTok): PicoPrices {
  const isFree = input === 0 && output === 0;
  const optional = (usd: number | undefined): number | null => (usd === undefined ? (isFree ? 0 : null) : toPico(usd));
  return {
    input: toPico(input),
    output: toPico(output),
    cacheRead: optional(cacheRead),
    cacheWrite: optional(cacheWrite),
    longCacheWrite: optional(longCacheWrite),
  };
}
