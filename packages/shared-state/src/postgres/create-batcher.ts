/** Collects inputs while a batch is running; the next batch has all of them. */
export interface Batcher<I, O> {
  /** The output for an input. Rejects with the error of its batch. */
  add(input: I, signal: AbortSignal): Promise<O>;
}

interface Entry<I, O> {
  readonly input: I;
  readonly signal: AbortSignal;
  resolve(output: O): void;
  reject(thrown: unknown): void;
}

/**
 * Creates a batcher. An input that arrives while nothing runs is sent at once.
 *
 * @param run - returns an output for each input, in their order
 */
export function createBatcher<I, O>(
  run: (inputs: readonly I[], signal: AbortSignal) => Promise<readonly O[]>,
  { maxSize }: { readonly maxSize: number },
): Batcher<I, O> {
  let queue: Entry<I, O>[] = [];
  let isRunning = false;

  async function runNext(): Promise<void> {
    // The caller of an aborted one has its error already.
    queue = queue.filter(({ signal }) => !signal.aborted);
    const batch = queue.splice(0, maxSize);
    const [first] = batch;
    if (first === undefined) {
      isRunning = false;
      return;
    }
    isRunning = true;
    try {
      const inputs = batch.map(({ input }) => input);
      const outputs = await Promise.race([run(inputs, first.signal), rejectWhenAborted(first.signal)]);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const output = outputs[index];
        if (output === undefined) reject(new Error("no output"));
        else resolve(output);
      }
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown);
    }
    void runNext();
  }

  return {
    add(input, signal) {
      return new Promise((resolve, reject) => {
        queue.push({ input, signal, resolve, reject });
        if (!isRunning) void runNext();
      });
    },
  };
}

/** The next batch does not wait for one that was given up. */
function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}
