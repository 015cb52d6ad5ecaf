import type { PicoPrices } from "../src/table/price-row.ts";

/** A price as a source states it. */
export interface SourcePrice {
  /** Our id of the provider. */
  readonly provider: string;
  readonly model: string;
  readonly from: string | null;
  readonly until: string | null;
  readonly above: number;
  readonly pico: PicoPrices;
  /** Trillionths of a dollar for 1,000; `null`: not stated. */
  readonly webSearchesPer1000: number | null;
  readonly source: string;
  /** `null`: on the day of the run. */
  readonly checked: string | null;
}

/** Dollars per million to trillionths of a dollar for one. Throws if it is not a whole number: the table has exact prices only. */
export function toPico(usdPerMillion: number): number {
  const pico = Math.round(usdPerMillion * 1e6);
  if (!(usdPerMillion >= 0) || Math.abs(usdPerMillion * 1e6 - pico) > 1e-6) {
    throw new RangeError(`${usdPerMillion} USD per million is not a whole number of trillionths for one`);
  }
  return pico;
}
