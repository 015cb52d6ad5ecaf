import { hash } from "node:crypto";

/** A set of texts, of which 8 bytes each are kept: half a million prompts take 8 MB of memory. */
export interface DigestSet {
  /** Number of texts. */
  readonly size: number;
  has(digest: string): boolean;
  add(digest: string): void;
}

/**
 * 64 bits of SHA-256, hexadecimal. Two different texts of a million have the same ones in one of 30 million sets, and then one of the two counts as
 * a duplicate.
 */
export const digestOf = (text: string): string => hash("sha256", text, "hex").slice(0, DIGITS);

const DIGITS_PER_WORD = 8;
const WORDS = 2;
const DIGITS: number = WORDS * DIGITS_PER_WORD;

/** Creates an empty set: a table with open addressing, at most three quarters full. */
export function createDigestSet(): DigestSet {
  let slots = 1_024;
  let table = new Uint32Array(slots * WORDS);
  let size = 0;

  const wordOf = (digest: string, word: number): number =>
    Number.parseInt(digest.slice(word * DIGITS_PER_WORD, (word + 1) * DIGITS_PER_WORD), 16);

  /** Where the digest is, or the free place for it. A free place has zeros, which no digest of a text has but by a chance of 2^-64. */
  function placeOf(into: Uint32Array, first: number, second: number): number {
    const mask = into.length / WORDS - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (isFree(into, at) || (into[at] === first && into[at + 1] === second)) return at;
    }
  }

  const isFree = (into: Uint32Array, at: number): boolean => into[at] === 0 && into[at + 1] === 0;

  function grow(): void {
    const larger = new Uint32Array(table.length * 2);
    for (let at = 0; at < table.length; at += WORDS) {
      if (isFree(table, at)) continue;
      larger.set(table.subarray(at, at + WORDS), placeOf(larger, table[at] ?? 0, table[at + 1] ?? 0));
    }
    table = larger;
    slots *= 2;
  }

  return {
    get size() {
      return size;
    },
    has: (digest) => !isFree(table, placeOf(table, wordOf(digest, 0), wordOf(digest, 1))),
    add(digest) {
      const [first, second] = [wordOf(digest, 0), wordOf(digest, 1)];
      const at = placeOf(table, first, second);
      if (!isFree(table, at)) return;
      table[at] = first;
      table[at + 1] = second;
      size += 1;
      if (size * 4 > slots * 3) grow();
    },
  };
}
