/** FNV-1a with 32 bits: Fowler, Noll, Vo (1991); parameters of draft-eastlake-fnv. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

const DIGIT_0 = 48;
const LAST_OF_ASCII = 0x7f;

function addText(hash: number, text: string): number {
  let value = hash;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > LAST_OF_ASCII) return addText(hash, toAscii(text));
    value = Math.imul(value ^ code, PRIME);
  }
  return value;
}

/** Adds the decimal digits of a whole number below 2^32. */
function addDigits(hash: number, whole: number): number {
  let divisor = 1;
  while (whole / divisor >= 10) divisor *= 10;
  let value = hash;
  for (; divisor >= 1; divisor /= 10) {
    value = Math.imul(value ^ (DIGIT_0 + (Math.trunc(whole / divisor) % 10)), PRIME);
  }
  return value;
}

const OTHER_THAN_ASCII = /[^\0-\u007F]+/g;

/** The hash reads UTF-16 code units, which other languages do not have; percent-encoded, a text is the same for all of them. */
const toAscii = (text: string): string =>
  text.replace(OTHER_THAN_ASCII, (part) => encodeURIComponent(part.toWellFormed()));

/**
 * The place of a unit in an experiment: a multiple of 0.0001 from 0 to 0.9999. Version 2 of the hash that GrowthBook's SDKs use in all
 * languages (docs.growthbook.io/lib/build-your-own, spec 0.8.0); characters beyond ASCII are percent-encoded first, as UTF-8.
 *
 * @param seed - the seed of the experiment
 * @param value - the id of the agent, session or call
 */
export function hashUnit(seed: string, value: string): number {
  return seededHash(seed)(value);
}

/** As {@link hashUnit}, for many values of one seed. */
export function seededHash(seed: string): (value: string) => number {
  const start = addText(OFFSET_BASIS, seed);
  return (value) => ((addDigits(OFFSET_BASIS, addText(start, value) >>> 0) >>> 0) % 10_000) / 10_000;
}
