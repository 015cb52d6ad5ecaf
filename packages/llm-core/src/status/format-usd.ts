const NANO_PER_USD = 1e9;

/** Created at its first use: a formatter takes longer than a thousand of its texts. */
function dollars(options: Intl.NumberFormatOptions): (usd: number) => string {
  let format: Intl.NumberFormat | undefined;
  return (usd) => {
    format ??= new Intl.NumberFormat("en", { style: "currency", currency: "USD", ...options });
    return format.format(usd);
  };
}

const toCents = dollars({});
const toMillionths = dollars({ maximumFractionDigits: 6 });
const toTwoDigits = dollars({ maximumSignificantDigits: 2 });
const toDollars = dollars({ maximumFractionDigits: 0 });
const toThousands = dollars({ notation: "compact", maximumFractionDigits: 1 });

/**
 * Billionths of a US dollar for people. `short`: two digits below 10 cents, no cents from $1,000, as `$0`, `$0.0012`, `$12.34`, `$1,234`
 * or `$1.2M`. `exact`: cents, and below a dollar what is left to the millionth, as `$0.00`, `$0.001235` or `$1,234.56`. An amount that is
 * not 0 is never shown as 0.
 */
export function formatUsd(nanoUsd: number, form: "short" | "exact" = "short"): string {
  const usd = nanoUsd / NANO_PER_USD;
  const size = Math.abs(usd);
  if (size === 0) return form === "short" ? "$0" : "$0.00";
  if (size < (form === "short" ? 0.1 : 0.000_01)) return toTwoDigits(usd);
  if (form === "exact") return size < 1 ? toMillionths(usd) : toCents(usd);
  if (size < 1_000) return toCents(usd);
  return size < 1_000_000 ? toDollars(usd) : toThousands(usd);
}
