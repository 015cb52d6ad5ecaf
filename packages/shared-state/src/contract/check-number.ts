import { invalid } from "./invalid.ts";

/** The largest amount. Sums of it and of what may be added stay exact in a double and in 64 bits. */
const MAX_AMOUNT = 9e15;

/** The longest duration: a year. */
const MAX_DURATION_MS = 366 * 86_400_000;

/** Throws `invalid` unless a number is an integer from 0 to 9e15. */
export function checkAmount(at: string, amount: unknown): void {
  if (Number.isSafeInteger(amount) && Number(amount) >= 0 && Number(amount) <= MAX_AMOUNT) return;
  throw invalid(at, "expected an integer from 0 to 9e15");
}

/** Whole milliseconds of a duration. Throws `invalid` unless it is above 0 and at most a year. */
export function checkDuration(at: string, durationMs: unknown): number {
  if (typeof durationMs === "number" && durationMs > 0 && durationMs <= MAX_DURATION_MS) return Math.ceil(durationMs);
  throw invalid(at, "expected milliseconds above 0, at most a year");
}
