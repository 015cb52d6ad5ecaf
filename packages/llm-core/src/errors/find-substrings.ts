/** Limits of the filter's size, as powers of two. A larger filter takes longer to clear than most texts take to search. */
const MIN_FILTER_BITS = 8;
const MAX_FILTER_BITS = 16;

/** At least sixteen entries for each pattern, so that few positions are compared in vain. */
function filterBits(patterns: number): number {
  return Math.min(MAX_FILTER_BITS, Math.max(MIN_FILTER_BITS, 36 - Math.clz32(patterns)));
}

/**
 * Visits every occurrence of the patterns in the texts (a rolling hash with a filter, as Rabin-Karp). Takes time linear in the length
 * of patterns and texts, whatever they hold, times the number of different pattern lengths.
 *
 * @param visit - returns `true` to stop the search for this pattern
 */
function visitMatches(
  patterns: ReadonlySet<string>,
  texts: readonly string[],
  visit: (pattern: string, at: number) => boolean,
): void {
  const pending = new Set(patterns);
  pending.delete("");
  if (pending.size === 0) return;
  const lengths = [...new Set([...pending].map(({ length }) => length))];
  const shortest = Math.min(...lengths);
  // Units further back than the shortest pattern are shifted out of the 32 bits, so no unit has to be subtracted from the hash.
  const shift = Math.ceil(32 / shortest);
  // JavaScript takes a shift by 32 as a shift by 0.
  const mask = shortest === 1 ? 0 : -1;
  const bits = filterBits(pending.size);
  const filter = new Uint8Array(2 ** bits);
  /** Multiplicative hashing: maps a hash to an index of the filter. */
  const filterIndex = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
  /** Prefixes of the shortest length, and how many patterns start with each. */
  const prefixes = new Map<string, number>();
  for (const pattern of pending) {
    const prefix = pattern.slice(0, shortest);
    prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + 1);
    let hash = 0;
    for (let at = 0; at < shortest; at += 1) hash = (((hash & mask) << shift) + pattern.charCodeAt(at)) | 0;
    filter[filterIndex(hash)] = 1;
  }

  for (const text of texts) {
    let hash = 0;
    for (let end = 1; end <= text.length; end += 1) {
      hash = (((hash & mask) << shift) + text.charCodeAt(end - 1)) | 0;
      if (filter[filterIndex(hash)] === 0 || end < shortest) continue;
      const from = end - shortest;
      const prefix = text.slice(from, end);
      let remaining = prefixes.get(prefix);
      if (remaining === undefined) continue;
      for (const length of lengths) {
        const candidate = text.slice(from, from + length);
        if (!pending.has(candidate) || !visit(candidate, from)) continue;
        pending.delete(candidate);
        remaining -= 1;
      }
      if (remaining === 0) prefixes.delete(prefix);
      else prefixes.set(prefix, remaining);
      if (pending.size === 0) return;
    }
  }
}

/** The patterns that occur in any of the sources. Takes time linear in all texts, times the number of different pattern lengths. */
export function findSubstrings(patterns: ReadonlySet<string>, sources: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  visitMatches(patterns, sources, (pattern) => {
    found.add(pattern);
    return true;
  });
  return found;
}

/** Marks every unit of a text that is part of a substring of this length which also occurs in a source. Takes time linear in all texts. */
export function markCommonSubstrings(
  text: string,
  sources: readonly string[],
  length: number,
  marks: Uint8Array,
): void {
  // Only the substrings of the shorter side are held in memory.
  const sourcesLength = sources.reduce((sum, source) => sum + source.length, 0);
  const isLonger = sourcesLength < text.length;
  const shared = isLonger ? substringsOf(sources, length) : findSubstrings(substringsOf([text], length), sources);
  let markedUntil = 0;
  visitMatches(shared, [text], (_, at) => {
    marks.fill(1, Math.max(at, markedUntil), at + length);
    markedUntil = at + length;
    return false;
  });
}

function substringsOf(texts: readonly string[], length: number): ReadonlySet<string> {
  const substrings = new Set<string>();
  for (const text of texts) {
    for (let at = 0; at + length <= text.length; at += 1) substrings.add(text.slice(at, at + length));
  }
  return substrings;
}
