import { isRecord } from "../contract/json.ts";

/** Fewer digits are always exact. */
const LONG = /\d{16}/;
const NUMBERS = /-?\d{16,}/g;

/**
 * The numbers that a JSON text writes in digits and that JavaScript cannot hold: beyond 2^53 another number takes their place
 * (`9007199254740993` is read as `9007199254740992`). Empty for almost every text.
 */
export function inexactNumbers(text: string): ReadonlySet<number> {
  const inexact = new Set<number>();
  if (!LONG.test(text)) return inexact;
  for (const [digits] of text.matchAll(NUMBERS)) {
    const number = Number(digits);
    // So long a number cannot be made a BigInt of in a time worth waiting for, and is no exact number either.
    if (digits.length > 400 || !Number.isFinite(number) || BigInt(number) !== BigInt(digits)) inexact.add(number);
  }
  return inexact;
}

/** Deeper than anyone looks for an id. */
const DEEPEST = 500;

/** Where a value that was read from JSON holds one of these numbers; `null`: nowhere. */
export function findNumber(
  value: unknown,
  numbers: ReadonlySet<number>,
  depth: number = 0,
): readonly (string | number)[] | null {
  if (numbers.size === 0 || depth > DEEPEST) return null;
  if (typeof value === "number") return numbers.has(value) ? [] : null;
  const members: Iterable<readonly [string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : isRecord(value)
      ? Object.entries(value)
      : [];
  for (const [name, member] of members) {
    const path = findNumber(member, numbers, depth + 1);
    if (path !== null) return [name, ...path];
  }
  return null;
}
