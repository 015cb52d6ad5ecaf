import { hash } from "node:crypto";

/** A set of texts, of which 16 bytes each are kept: half a million prompts take 16 MB of memory. */
export interface DigestSet {
  /** Number of texts. */
  readonly size: number;
  has(digest: string): boolean;
  add(digest: string): void;
}

/** 128 bits of SHA-256, hexadecimal: they keep billions of texts apart. */
export const digestOf = (text: string): string => hash("sha256", text, "hex").slice(0, 32);

const WORDS = 4;

/** Creates an empty set: a table with open addressing, at most three quarters full. */
export function createDigestSet(): DigestSet {
  let slots = 1_024;
  let table = new Uint32Array(slots * WORDS);
  let size = 0;

  /** Where the digest is, or the free place for it. A free place has four zeros, which no digest of a text has. */
  function placeOf(into: Uint32Array, count: number, words: readonly number[]): number {
    for (let slot = (words[0] ?? 0) % count; ; slot = (slot + 1) % count) {
      const at = slot * WORDS;
      const isFree = into[at] === 0 && into[at + 1] === 0 && into[at + 2] === 0 && into[at + 3] === 0;
      if (isFree || words.every((word, index) => into[at + index] === word)) return at;
    }
  }

  const wordsOf = (digest: string): readonly number[] =>
    [0, 8, 16, 24].map((at) => Number.parseInt(digest.slice(at, at + 8), 16));

  function grow(): void {
    const larger = new Uint32Array(table.length * 2);
    for (let at = 0; at < table.length; at += WORDS) {
      const words = table.subarray(at, at + WORDS);
      if (words.some((word) => word !== 0)) larger.set(words, placeOf(larger, slots * 2, [...words]));
    }
    table = larger;
    slots *= 2;
  }

  return {
    get size() {
      return size;
    },
    has(digest) {
      const at = placeOf(table, slots, wordsOf(digest));
      return table.subarray(at, at + WORDS).some((word) => word !== 0);
    },
    add(digest) {
      const words = wordsOf(digest);
      const at = placeOf(table, slots, words);
      if (table.subarray(at, at + WORDS).some((word) => word !== 0)) return;
      table.set(words, at);
      size += 1;
      if (size * 4 > slots * 3) grow();
    },
  };
}
