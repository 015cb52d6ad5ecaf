import type { PriceRow } from "./price-row.ts";

/** A row of the generated table. */
export type PackedRow = readonly [
  provider: string,
  model: string,
  from: string | null,
  until: string | null,
  above: number,
  pico: readonly [
    input: number,
    output: number,
    cacheRead: number | null,
    cacheWrite: number | null,
    longCacheWrite: number | null,
  ],
  tiers: PriceRow["tiers"],
  regional: boolean,
  webSearchesPer1000: number | null,
  source: string,
  checked: string,
];

/** Gives the fields of a row their names. */
export function unpackRow(packed: PackedRow): PriceRow {
  const [provider, model, from, until, above, pico, tiers, regional, webSearches, source, checked] = packed;
  const [input, output, cacheRead, cacheWrite, longCacheWrite] = pico;
  return {
    provider,
    model,
    from,
    until,
    above,
    pico: { input, output, cacheRead, cacheWrite, longCacheWrite },
    tiers,
    regional,
    per1000: webSearches === null ? {} : { webSearches },
    source,
    checked,
  };
}
