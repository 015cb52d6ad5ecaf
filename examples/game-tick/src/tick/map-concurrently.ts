/**
 * Runs `work` on each entry, at most `limit` at a time, and returns the outcomes in the order of the entries. If some fail, the
 * others still run to their end; then it rejects with the first error.
 */
export async function mapConcurrently<T, R>(
  entries: readonly T[],
  limit: number,
  work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
  const outcomes: PromiseSettledResult<R>[] = new Array(entries.length);
  const queue = entries.entries();
  const runner = async (): Promise<void> => {
    // All runners share one iterator, so each entry is run once.
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
