import { isRecord } from "../contract/json.ts";

/** A whole number of up to 15 digits is always exact. */
const LONG = /\d{16}/;
const NUMBERS = /-?\d{16,}/g;

/**
 * The whole numbers of a JSON text that JavaScript cannot represent, as `JSON.parse` returns them: `9007199254740993` is returned as
 * `9007199254740992`. Empty for almost every text.
 */
export function inexactNumbers(text: string): ReadonlySet<number> {
  const scan = createNumberScan();
  scan.write(text);
  return scan.inexact;
}

/** Collects the inexact whole numbers of a JSON text that arrives in pieces. */
export interface NumberScan {
  write(text: string): void;
  /** Grows with the text. */
  readonly inexact: ReadonlySet<number>;
}

/** Longer numbers are inexact whatever follows. */
const MAX_TAIL = 400;

/** Creates a scan of an empty text. */
export function createNumberScan(): NumberScan {
  const inexact = new Set<number>();
  /** Digits at the end of the text, which may continue. */
  let tail = "";

  return {
    inexact,
    write(text) {
      const piece = tail + text;
      tail = /-?\d*$/.exec(piece.slice(-MAX_TAIL))?.[0] ?? "";
      if (!LONG.test(piece)) return;
      for (const [digits] of piece.matchAll(NUMBERS)) {
        const number = Number(digits);
        // BigInt takes quadratic time, and no number of this length is exact.
        const isInexact = digits.length > MAX_TAIL || !Number.isFinite(number) || BigInt(number) !== BigInt(digits);
        if (isInexact) inexact.add(number);
      }
    },
  };
}

/** Deeper values are not searched. */
const MAX_DEPTH = 500;

/** The path of the first of these numbers in a parsed JSON value; `null` when there is none. */
export function findNumber(
  value: unknown,
  numbers: ReadonlySet<number>,
  depth: number = 0,
): readonly (string | number)[] | null {
  if (numbers.size === 0 || depth > MAX_DEPTH) return null;
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
