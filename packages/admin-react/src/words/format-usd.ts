const NANO = 1_000_000_000;
const CENTS = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const DOLLARS = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const MANY = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  notation: "compact",
  maximumFractionDigits: 1,
});
const SMALL = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumSignificantDigits: 2 });

/** Billionths of a US dollar as `$0.0012`, `$12.34`, `$1,234` or `$1.2M`. A sum that is not 0 is never shown as `$0.00`. */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsd / NANO;
  if (usd === 0) return "$0";
  if (usd < 0.1) return SMALL.format(usd);
  if (usd < 1_000) return CENTS.format(usd);
  return usd < 1_000_000 ? DOLLARS.format(usd) : MANY.format(usd);
}
