/** Billionths of a dollar as dollars, as an exact decimal. */
export function toUsd(nanoUsd: number): string {
  const digits = String(Math.abs(nanoUsd)).padStart(10, "0");
  const text = `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, "");
  return nanoUsd < 0 ? `-${text}` : text;
}
