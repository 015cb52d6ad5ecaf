import { createSeededRandom } from "../doubles/seeded-random.ts";

/** Deterministic pseudo-random numbers. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** An integer from `min` to `max`, inclusive. */
  int(min: number, max: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** A 32-bit hash of a text (FNV-1a over UTF-16 units): well distributed, not cryptographic. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A generator from a 32-bit seed (mulberry32). */
export function createRandom(seed: number): Random {
  const next = createSeededRandom(seed);
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
}
