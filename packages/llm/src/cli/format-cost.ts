/** A cost in US dollars: four decimals, more below a cent; `-` if it is not known. */
export function formatCost(nanoUsd: number | null | undefined): string {
  if (nanoUsd === null || nanoUsd === undefined) return "-";
  const usd = nanoUsd / 1e9;
  return `$${usd !== 0 && usd < 0.01 ? usd.toFixed(6) : usd.toFixed(4)}`;
}
