import type { Checked } from "../schema/requested-schema.ts";

/** The elements of one attempt that were processed while they arrived. */
export interface EarlyElements<T> {
  add(raw: unknown, checked: Checked<T>): void;
  /** The stored check of the same element (by identity), if it is the next one in order; else `null`. */
  checked(raw: unknown): Checked<T> | null;
  /** Whether an equal element was processed. Each processed element matches once. */
  match(raw: unknown): boolean;
}

/**
 * Creates an empty set. The complete answer usually has the same elements in the same order, which are matched without comparing JSON; the
 * others are compared as JSON.
 */
export function createEarlyElements<T>(): EarlyElements<T> {
  const raws: unknown[] = [];
  const results: Checked<T>[] = [];
  let lookedUp = 0;
  let matched = 0;
  /** Unmatched elements after the common order ended: count by JSON text. */
  let unmatched: Map<string, number> | null = null;

  function countUnmatched(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const raw of raws.slice(matched)) {
      const key = JSON.stringify(raw);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  return {
    add(raw, checked) {
      raws.push(raw);
      results.push(checked);
    },
    checked(raw) {
      if (lookedUp === raws.length || raws[lookedUp] !== raw) return null;
      lookedUp += 1;
      return results[lookedUp - 1] ?? null;
    },
    match(raw) {
      if (unmatched === null && matched < raws.length && isSame(raws[matched], raw)) {
        matched += 1;
        return true;
      }
      if (matched === raws.length) return false;
      unmatched ??= countUnmatched();
      const key = JSON.stringify(raw);
      const count = unmatched.get(key) ?? 0;
      unmatched.set(key, count - 1);
      return count > 0;
    },
  };
}

/** Whether two values have the same JSON text, with members in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
