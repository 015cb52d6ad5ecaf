import { chooseRules } from "../rules/choose-rules.ts";
import type { CompiledRule } from "../rules/compile-rules.ts";
import type { PriceRow, Ratio } from "../table/price-row.ts";
import type { CompiledPrice, PriceBand } from "./compiled-price.ts";
import type { RowIndex } from "./index-rows.ts";

/** What a price is compiled from. */
export interface PriceSources {
  readonly rows: RowIndex;
  /** For everyone, and then for a tenant: each list applies to the result of those before it. */
  readonly rules: readonly (readonly CompiledRule[])[];
}

type Band = Pick<PriceRow, "above" | "pico" | "tiers" | "regional">;

interface Draft {
  readonly bands: readonly Band[];
  readonly picoPerSearch: number | null;
  readonly multiply: Ratio;
  readonly source: CompiledPrice["source"];
  readonly effective: string | null;
}

/** The price of a model on a day; `null`: not known. */
export function compilePrice(
  { rows, rules }: PriceSources,
  provider: string,
  model: string,
  day: number,
): CompiledPrice | null {
  const draft = rules.reduce(
    (sofar, list) => applyRules(sofar, chooseRules(list, provider, model, day)),
    listPrice(rows.find(provider, model, day)),
  );
  if (draft.bands.length === 0) return null;
  return { ...draft, bands: draft.bands.map(toBand) };
}

const toBand = ({ above, pico, tiers, regional }: Band): PriceBand => ({
  above,
  pico,
  tiers: new Map(Object.entries(tiers)),
  regional,
});

function listPrice(rows: readonly PriceRow[]): Draft {
  const searches = rows.find(({ per1000 }) => per1000.webSearches !== undefined)?.per1000.webSearches;
  return {
    bands: rows,
    // Whole for every price of a search in whole tenths of a cent.
    picoPerSearch: searches === undefined ? null : searches / 1_000,
    multiply: [1, 1],
    source: "list",
    effective: rows.at(-1)?.from ?? null,
  };
}

function applyRules(draft: Draft, rules: readonly CompiledRule[]): Draft {
  if (rules.length === 0) return draft;
  return rules.reduce(applyRule, { ...withPrices(draft, rules), source: "override" });
}

/** Replaces the prices from the lowest threshold of the rules on. Those of smaller requests stay. */
function withPrices(draft: Draft, rules: readonly CompiledRule[]): Draft {
  const { tiers = {}, regional = false } = draft.bands.at(-1) ?? {};
  const own = new Map<number, Band>();
  for (const { pico, above } of rules) if (pico !== null) own.set(above, { above, pico, tiers, regional });
  if (own.size === 0) return draft;
  const lowest = Math.min(...own.keys());
  const bands = [...own.values(), ...draft.bands.filter(({ above }) => above < lowest)];
  const effective = rules[0]?.from ?? null;
  return { ...draft, bands: bands.toSorted((a, b) => b.above - a.above), effective };
}

function applyRule(draft: Draft, { multiply, tiers, picoPerSearch, from }: CompiledRule): Draft {
  return {
    ...draft,
    bands: tiers === null ? draft.bands : draft.bands.map((band) => ({ ...band, tiers: { ...band.tiers, ...tiers } })),
    picoPerSearch: picoPerSearch ?? draft.picoPerSearch,
    multiply: multiply === null ? draft.multiply : [draft.multiply[0] * multiply[0], draft.multiply[1] * multiply[1]],
    effective: later(draft.effective, from),
  };
}

/** The later of two days. */
const later = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a > b ? a : b;
