/**
 * The items of batches, one by one. Those of a batch that is here come without a turn through the generator of the batches, which
 * is most of the time of a stream that arrives in bursts. Read by one reader, one item at a time.
 *
 * What iterating over a batch throws is thrown into the generator, at the place where it yielded the batch.
 */
export function flatten<T>(
  batches: AsyncGenerator<Iterable<T>, void, undefined>,
): AsyncIterableIterator<T, void, undefined> {
  let batch: Iterator<T> | null = null;

  /** The next item of the batch that is here; `null`: there is none. */
  function take(): IteratorYieldResult<T> | null {
    const taken = batch?.next();
    if (taken !== undefined && taken.done !== true) return taken;
    batch = null;
    return null;
  }

  async function pull(step: Promise<IteratorResult<Iterable<T>, void>>): Promise<IteratorResult<T, void>> {
    for (let pulled = await step; ; pulled = await batches.next()) {
      if (pulled.done === true) return pulled;
      batch = pulled.value[Symbol.iterator]();
      try {
        const taken = take();
        if (taken !== null) return taken;
      } catch (thrown) {
        batch = null;
        return pull(batches.throw(thrown));
      }
    }
  }

  return {
    next() {
      try {
        const taken = take();
        return taken === null ? pull(batches.next()) : Promise.resolve(taken);
      } catch (thrown) {
        batch = null;
        return pull(batches.throw(thrown));
      }
    },
    return() {
      batch = null;
      return batches.return().then(() => ({ done: true, value: undefined }));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
