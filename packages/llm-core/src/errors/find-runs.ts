const FILTER_SIZE = 2 ** 16;

/** Spreads the bits of a hash over the filter. */
const placeOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> 16;

/**
 * Visits every place of the texts where one of these runs stands. Takes time linear in all that it is given, whatever that holds, times
 * the number of lengths that the runs have.
 *
 * @param visit - returns `true` when the run need not be looked for any longer
 */
function visitRuns(
  runs: ReadonlySet<string>,
  texts: readonly string[],
  visit: (run: string, at: number) => boolean,
): void {
  const open = new Set(runs);
  open.delete("");
  if (open.size === 0) return;
  const lengths = [...new Set([...open].map(({ length }) => length))];
  const shortest = Math.min(...lengths);
  // Each unit shifts out what lies further back than the shortest run, so nothing has to be taken out of the hash.
  const shift = Math.ceil(32 / shortest);
  // A shift by 32 shifts nothing.
  const kept = shortest === 1 ? 0 : -1;
  const filter = new Uint8Array(FILTER_SIZE);
  /** The beginnings of the runs, and how many runs begin with each. */
  const beginnings = new Map<string, number>();
  for (const run of open) {
    const beginning = run.slice(0, shortest);
    beginnings.set(beginning, (beginnings.get(beginning) ?? 0) + 1);
    let hash = 0;
    for (let at = 0; at < shortest; at += 1) hash = (((hash & kept) << shift) + run.charCodeAt(at)) | 0;
    filter[placeOf(hash)] = 1;
  }

  for (const text of texts) {
    let hash = 0;
    for (let end = 1; end <= text.length; end += 1) {
      hash = (((hash & kept) << shift) + text.charCodeAt(end - 1)) | 0;
      if (filter[placeOf(hash)] === 0 || end < shortest) continue;
      const from = end - shortest;
      const beginning = text.slice(from, end);
      let left = beginnings.get(beginning);
      if (left === undefined) continue;
      for (const length of lengths) {
        const run = text.slice(from, from + length);
        if (!open.has(run) || !visit(run, from)) continue;
        open.delete(run);
        left -= 1;
      }
      if (left === 0) beginnings.delete(beginning);
      else beginnings.set(beginning, left);
      if (open.size === 0) return;
    }
  }
}

/** Which of these runs stand in any of the sources. Takes time linear in all texts, times the number of lengths. */
export function findRuns(runs: ReadonlySet<string>, sources: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  visitRuns(runs, sources, (run) => {
    found.add(run);
    return true;
  });
  return found;
}

/** Marks every unit of a text that belongs to a run of this length which also stands in a source. Takes time linear in all texts. */
export function markRuns(text: string, sources: readonly string[], length: number, marks: Uint8Array): void {
  // The runs of the shorter side are kept, the longer side is passed over.
  const sourcesLength = sources.reduce((sum, source) => sum + source.length, 0);
  const isLong = sourcesLength < text.length;
  const shared = isLong ? runsOf(sources, length) : findRuns(runsOf([text], length), sources);
  let markedUntil = 0;
  visitRuns(shared, [text], (_, at) => {
    marks.fill(1, Math.max(at, markedUntil), at + length);
    markedUntil = at + length;
    return false;
  });
}

function runsOf(texts: readonly string[], length: number): ReadonlySet<string> {
  const runs = new Set<string>();
  for (const text of texts) {
    for (let at = 0; at + length <= text.length; at += 1) runs.add(text.slice(at, at + length));
  }
  return runs;
}
