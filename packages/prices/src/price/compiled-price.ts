import type { Cost } from "@babylon/llm-core";
import type { PicoPrices, Ratio } from "../table/price-row.ts";

/** The prices of a request from one size on. */
export interface PriceBand {
  /** Valid for more input tokens than this. */
  readonly above: number;
  readonly pico: PicoPrices;
  readonly tiers: ReadonlyMap<string, Ratio>;
  readonly regional: boolean;
}

/** Everything that is needed to price an attempt of one model on one day. */
export interface CompiledPrice {
  /** By threshold, the highest first. At least one. */
  readonly bands: readonly PriceBand[];
  /** Trillionths of a dollar for one web search; `null`: not known. */
  readonly picoPerSearch: number | null;
  /** Applies to everything, after the tiers. */
  readonly multiply: Ratio;
  readonly source: Extract<Cost["source"], "override" | "list">;
  readonly effective: string | null;
}
