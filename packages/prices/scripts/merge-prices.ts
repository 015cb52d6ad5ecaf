import type { PicoPrices, PriceRow } from "../src/table/price-row.ts";
import type { SourcePrice } from "./source-price.ts";
import { tiersOf } from "./tiers-of.ts";

/** The prices of the sources. */
export interface MergeInput {
  readonly genaiPrices: readonly SourcePrice[];
  /** Empty: not read. */
  readonly modelsDev: readonly SourcePrice[];
  readonly overlay: readonly SourcePrice[];
  /** The day of the run, `YYYY-MM-DD`. */
  readonly today: string;
}

/** The new table, and what a maintainer has to decide before it is written. */
export interface Merged {
  readonly rows: readonly PriceRow[];
  readonly problems: readonly string[];
}

const keyOf = ({ provider, model }: SourcePrice): string => `${provider} ${model}`;

function groupByModel(prices: readonly SourcePrice[]): Map<string, SourcePrice[]> {
  const groups = new Map<string, SourcePrice[]>();
  for (const price of prices) {
    const key = keyOf(price);
    groups.set(key, [...(groups.get(key) ?? []), price]);
  }
  return groups;
}

/** The prices of a day, by threshold. */
const validOn = (prices: readonly SourcePrice[], day: string): readonly SourcePrice[] =>
  prices
    .filter(({ from, until }) => (from === null || from <= day) && (until === null || until > day))
    .toSorted((a, b) => a.above - b.above);

/** The rates that both state, and that differ. */
function differences(a: PicoPrices, b: PicoPrices): readonly string[] {
  return (["input", "output", "cacheRead", "cacheWrite"] as const)
    .filter((rate) => a[rate] !== null && b[rate] !== null && a[rate] !== b[rate])
    .map((rate) => `${rate} ${Number(a[rate]) / 1e6} or ${Number(b[rate]) / 1e6}`);
}

function compare(a: readonly SourcePrice[], b: readonly SourcePrice[]): readonly string[] {
  const [base] = a;
  const [otherBase] = b;
  if (base === undefined || otherBase === undefined) return [];
  return differences(base.pico, otherBase.pico);
}

/**
 * Merges the prices of the sources. The overlay replaces everything that the sources say about a model; where only the sources have a model, they
 * must agree on the prices of today.
 */
export function mergePrices({ genaiPrices, modelsDev, overlay, today }: MergeInput): Merged {
  const checked = groupByModel(overlay);
  const first = groupByModel(genaiPrices);
  const second = groupByModel(firstOfBand(modelsDev));
  const problems: string[] = [];
  const rows: PriceRow[] = [];
  for (const key of new Set([...checked.keys(), ...first.keys(), ...second.keys()])) {
    const ours = checked.get(key);
    const a = first.get(key);
    const b = second.get(key);
    if (ours === undefined && a !== undefined && b !== undefined) {
      for (const difference of compare(validOn(a, today), validOn(b, today))) {
        problems.push(`the sources disagree about ${key}: ${difference} USD per million; add a line to the overlay`);
      }
    }
    rows.push(...(ours ?? a ?? b ?? []).map((price) => toRow(price, today)));
  }
  return { rows: rows.toSorted(compareRows), problems };
}

/** models.dev lists snapshots apart, which cost the same: the first of each model and size is enough. */
function firstOfBand(prices: readonly SourcePrice[]): readonly SourcePrice[] {
  const seen = new Set<string>();
  return prices.filter((price) => {
    const key = `${keyOf(price)} ${price.above}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function toRow({ webSearchesPer1000, checked, ...price }: SourcePrice, today: string): PriceRow {
  const { provider, model, from, until, above, pico, source } = price;
  return {
    provider,
    model,
    from,
    until,
    above,
    pico,
    ...tiersOf(provider, model, above),
    per1000: webSearchesPer1000 === null ? {} : { webSearches: webSearchesPer1000 },
    source,
    checked: checked ?? today,
  };
}

const VENDORS = ["wandb", "groq", "claude", "openai"];

function compareRows(a: PriceRow, b: PriceRow): number {
  return (
    VENDORS.indexOf(a.provider) - VENDORS.indexOf(b.provider) ||
    (a.model < b.model ? -1 : a.model > b.model ? 1 : 0) ||
    (a.from ?? "").localeCompare(b.from ?? "") ||
    a.above - b.above
  );
}
