const WHOLE = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `12,345`. */
export const formatCount = (count: number): string => WHOLE.format(count);

/** `9,999`, `12.3K`, `4.5M`: for places with little room. */
export const formatShort = (count: number): string => (count < 10_000 ? WHOLE.format(count) : COMPACT.format(count));
