/** The hash of a text (FNV-1a): an integer from 0 to below 2^32. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  // One round of mixing, so that texts that differ only in their last character have distant hashes.
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * Picks `count` different entries, the same ones for the same seed and purpose. A `count` above the length returns all of them.
 * The order is the order of the draw.
 */
export function draw<T>(entries: readonly T[], count: number, seed: number, purpose: string): T[] {
  return entries
    .map((entry, index) => ({ entry, rank: hash(`${seed}/${purpose}/${index}`) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ entry }) => entry);
}
