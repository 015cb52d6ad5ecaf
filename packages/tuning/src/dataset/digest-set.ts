import { hash } from "node:crypto";

/** A set of texts, of which 16 bytes each are kept: half a million prompts take 16 MB of memory. */
export interface DigestSet {
  /** Number of texts. */
  readonly size: number;
  has(digest: string): boolean;
  add(digest: string): void;
}

/** 128 bits of SHA-256, hexadecimal: they keep billions of texts apart. */
export const digestOf = (text: string): string => hash("sha256", text, "hex").slice(0, DIGITS);

const WORDS = 4;
const DIGITS_PER_WORD = 8;
const DIGITS: number = WORDS * DIGITS_PER_WORD;

/** Tables of one set: each grows by itself, so that not all of it is in memory twice meanwhile. */
const TABLES = 16;

/** Creates an empty set. */
export function createDigestSet(): DigestSet {
  const tables = Array.from({ length: TABLES }, createTable);
  // The last digit, because the first ones choose the place in a table.
  const tableOf = (digest: string): DigestSet | undefined => tables[Number.parseInt(digest.slice(-1), TABLES)];
  return {
    get size() {
      return tables.reduce((sum, { size }) => sum + size, 0);
    },
    has: (digest) => tableOf(digest)?.has(digest) ?? false,
    add: (digest) => tableOf(digest)?.add(digest),
  };
}

/** A table with open addressing, at most three quarters full. */
function createTable(): DigestSet {
  let slots = 64;
  let table = new Uint32Array(slots * WORDS);
  let size = 0;
  // One for all questions: this runs for each call, and makes no garbage.
  const sought = new Uint32Array(WORDS);

  function seek(digest: string): number {
    for (let word = 0; word < WORDS; word += 1) {
      sought[word] = Number.parseInt(digest.slice(word * DIGITS_PER_WORD, (word + 1) * DIGITS_PER_WORD), 16);
    }
    return placeOf(table, slots);
  }

  /** Where the sought digest is, or the free place for it. A free place has four zeros, which no digest of a text has. */
  function placeOf(into: Uint32Array, count: number): number {
    for (let slot = (sought[0] ?? 0) % count; ; slot = (slot + 1) % count) {
      const at = slot * WORDS;
      if (isFree(into, at) || isSought(into, at)) return at;
    }
  }

  const isFree = (into: Uint32Array, at: number): boolean =>
    into[at] === 0 && into[at + 1] === 0 && into[at + 2] === 0 && into[at + 3] === 0;

  const isSought = (into: Uint32Array, at: number): boolean =>
    into[at] === sought[0] && into[at + 1] === sought[1] && into[at + 2] === sought[2] && into[at + 3] === sought[3];

  function grow(): void {
    const larger = new Uint32Array(table.length * 2);
    for (let at = 0; at < table.length; at += WORDS) {
      if (isFree(table, at)) continue;
      sought.set(table.subarray(at, at + WORDS));
      larger.set(sought, placeOf(larger, slots * 2));
    }
    table = larger;
    slots *= 2;
  }

  return {
    get size() {
      return size;
    },
    has: (digest) => !isFree(table, seek(digest)),
    add(digest) {
      const at = seek(digest);
      if (!isFree(table, at)) return;
      table.set(sought, at);
      size += 1;
      if (size * 4 > slots * 3) grow();
    },
  };
}
