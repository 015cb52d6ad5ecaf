import type { Flags } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

/** The value of an option; `undefined` if it is not given. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags.get(name);
  return typeof value === "string" ? value : undefined;
}

/** Names with commas between them. */
export function listFlag(flags: Flags, name: string): readonly string[] | undefined {
  return textFlag(flags, name)
    ?.split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/**
 * A whole number.
 *
 * @throws UsageError
 */
export function wholeFlag(flags: Flags, name: string, least: number, most?: number): number | undefined {
  const text = textFlag(flags, name);
  return text === undefined ? undefined : parseWhole(text, `--${name}`, least, most);
}

/**
 * Parses a whole number.
 *
 * @throws UsageError that names the argument
 */
export function parseWhole(text: string, what: string, least: number, most: number = Number.POSITIVE_INFINITY): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : `${least} or more`;
  throw new UsageError(`${what}: expected a whole number, ${range}, got "${text}"`);
}

/**
 * A decimal number, 0 or more; its limits are those of what it is for.
 *
 * @throws UsageError
 */
export function decimalFlag(flags: Flags, name: string): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const value = /^(\d{1,9}(\.\d{1,9})?|\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0)) throw new UsageError(`--${name}: expected a number, got "${text}"`);
  return value;
}

/** The maximum of a time limit: one day. */
const LONGEST_SECONDS = 86_400;

/**
 * Seconds, as milliseconds.
 *
 * @throws UsageError
 */
export function secondsFlag(flags: Flags, name: string): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0 && seconds <= LONGEST_SECONDS) return seconds * 1_000;
  throw new UsageError(`--${name}: expected seconds, more than 0 and at most ${LONGEST_SECONDS}, got "${text}"`);
}
