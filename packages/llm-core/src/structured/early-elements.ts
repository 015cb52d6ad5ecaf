import type { Checked } from "./asked-schema.ts";

/** The elements of one attempt that were dealt with while they arrived. */
export interface EarlyElements<T> {
  add(raw: unknown, checked: Checked<T>): void;
  /** What was found of this very element, if it is the one that follows those which have been looked for. */
  checked(raw: unknown): Checked<T> | null;
  /** Whether an element that equals this one was among them. Each counts once. */
  take(raw: unknown): boolean;
}

/**
 * None yet. The whole answer mostly holds the same elements in the same order: those are found without a comparison of their JSON,
 * which is made for the rest.
 */
export function createEarlyElements<T>(): EarlyElements<T> {
  const raws: unknown[] = [];
  const results: Checked<T>[] = [];
  let looked = 0;
  let taken = 0;
  /** By their JSON, those that are left where the order ended. */
  let left: Map<string, number> | null = null;

  function countLeft(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const raw of raws.slice(taken)) {
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
      if (looked === raws.length || raws[looked] !== raw) return null;
      looked += 1;
      return results[looked - 1] ?? null;
    },
    take(raw) {
      if (left === null && taken < raws.length && isSame(raws[taken], raw)) {
        taken += 1;
        return true;
      }
      if (taken === raws.length) return false;
      left ??= countLeft();
      const key = JSON.stringify(raw);
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count > 0;
    },
  };
}

/** Whether two values of JSON have the same text, members in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
