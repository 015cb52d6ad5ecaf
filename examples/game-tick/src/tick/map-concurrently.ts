/**
 * Runs `work` on each entry, at most `limit` at a time, and gives the outcomes in the order of the entries. When some fail, the
 * others still run to their end; then it fails with the first of the failures.
 */
export async function mapConcurrently<T, R>(
  entries: readonly T[],
  limit: number,
  work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
  const outcomes: PromiseSettledResult<R>[] = new Array(entries.length);
  const queue = entries.entries();
  const runner = async (): Promise<void> => {
    // All runners take from one iterator, so each entry is run once.
    for (const [index, entry] of queue) {
      [outcomes[index]] = (await Promise.allSettled([work(entry, index)])) as [PromiseSettledResult<R>];
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, entries.length) }, runner));
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
