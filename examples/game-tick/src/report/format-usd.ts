const NANO_PER_MICRO = 1_000;

/** Billionths of a dollar as dollars with six decimals: `$0.001140`. */
export function formatUsd(nanoUsd: number): string {
  const micro = Math.round(nanoUsd / NANO_PER_MICRO);
  const digits = String(micro).padStart(7, "0");
  return `$${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
