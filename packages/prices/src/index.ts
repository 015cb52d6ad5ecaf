export { createPricer, type PricerOptions } from "./create-pricer.ts";
export type { PriceWarning, PriceWarningKind } from "./price/price-warning.ts";
export type { OnPriceWarning } from "./price/warn-once.ts";
export { pricesCheckedAt, pricesWarning } from "./prices-age.ts";
export type { PriceRule, UsdPerMTok } from "./rules/price-rule.ts";
export { PRICE_GAPS, type PriceGap } from "./table/price-gaps.ts";
export type { PicoPrices, PriceRow, Ratio } from "./table/price-row.ts";
export { PRICE_ROWS } from "./table/price-table.ts";
