import { invalid } from "./invalid.ts";

/** The largest amount. Sums of it and of what may be added stay exact in a double and in 64 bits. */
const MAX_AMOUNT = 9e15;

/** The longest duration: a year. */
const MAX_DURATION_MS = 366 * 86_400_000;

/** Whether a number is an integer from 0 to 9e15. */
export const isAmount = (amount: unknown): boolean =>
  typeof amount === "number" && Number.isInteger(amount) && amount >= 0 && amount <= MAX_AMOUNT;

/** The error about an amount. */
export const notAmount = (at: string): Error => invalid(at, "expected an integer from 0 to 9e15");

/** Throws `invalid` unless a number is an integer from 0 to 9e15. */
export function checkAmount(at: string, amount: unknown): void {
  if (!isAmount(amount)) throw notAmount(at);
}

/** Whole milliseconds of a duration. Throws `invalid` unless it is above 0 and at most a year. */
export function checkDuration(at: string, durationMs: unknown): number {
  if (typeof durationMs === "number" && durationMs > 0 && durationMs <= MAX_DURATION_MS) return Math.ceil(durationMs);
  throw invalid(at, "expected milliseconds above 0, at most a year");
}
