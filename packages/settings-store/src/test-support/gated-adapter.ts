/** A storage adapter as a user may write one, controlled by a test. */
export interface GatedAdapter {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  readonly data: Map<string, string>;
  reads(): number;
  writes(): number;
  /** Makes all following calls fail with this error; `null`: they succeed again. */
  failWith(error: Error | null): void;
  /** Calls do not settle until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** The next read gets its value at once, but returns it only after the returned function is called. */
  holdNextRead(): () => void;
}

export function createGatedAdapter(data: Map<string, string> = new Map()): GatedAdapter {
  let reads = 0;
  let writes = 0;
  let failure: Error | null = null;
  let frozen: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  let hold: Promise<void> | null = null;

  async function pass(): Promise<void> {
    if (failure !== null) throw failure;
    await frozen?.promise;
  }

  return {
    async get(key) {
      reads += 1;
      const gate = hold;
      hold = null;
      await pass();
      const value = data.get(key);
      await gate;
      return value;
    },
    async set(key, value) {
      writes += 1;
      await pass();
      data.set(key, value);
    },
    data,
    reads: () => reads,
    writes: () => writes,
    failWith(error) {
      failure = error;
    },
    freeze() {
      frozen ??= Promise.withResolvers<void>();
    },
    thaw() {
      frozen?.resolve();
      frozen = null;
    },
    holdNextRead() {
      const { promise, resolve } = Promise.withResolvers<void>();
      hold = promise;
      return resolve;
    },
  };
}
