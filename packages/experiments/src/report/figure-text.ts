/** A figure in a sentence: three significant digits, more for large numbers. */
export function figureText(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(3, Math.ceil(Math.log10(Math.abs(value))));
  return Number(value.toPrecision(Math.min(15, digits))).toLocaleString("en-US", { maximumFractionDigits: 12 });
}

/** A difference with its sign. */
export const differenceText = (value: number): string => `${value > 0 ? "+" : ""}${figureText(value)}`;

/** A number of units. */
export const countText = (value: number): string => Math.round(value).toLocaleString("en-US");

/** A share as a percentage. */
export const percentText = (share: number): string => `${figureText(share * 100)} %`;
