/** What this process knows about a window, from the ledger's answers. */
export interface KnownWindow {
  /** What is left of the rule's limit. */
  readonly left: number;
  readonly limit: number;
  /** The engine's time of the answer, epoch milliseconds. */
  readonly atEpochMs: number;
}

/** What this process knows about windows: for plans, and for an outage. */
export interface KnownWindows {
  /** Notes an answer; an older one than the known one is ignored. */
  note(leftKey: string, known: KnownWindow): void;
  /** Changes what is left, after a settle. */
  add(leftKey: string, difference: number): void;
  get(leftKey: string): KnownWindow | undefined;
  /** The latest answer of all, epoch milliseconds of the engine; `null`: there was none. */
  latestEpochMs(): number | null;
}

/** The windows that were not used for longest are forgotten beyond this number. */
const MAX_WINDOWS = 10_000;

/** Creates an empty memory of windows. */
export function createKnownWindows(): KnownWindows {
  const windows = new Map<string, KnownWindow>();
  let latest: number | null = null;

  return {
    note(leftKey, known) {
      latest = Math.max(latest ?? known.atEpochMs, known.atEpochMs);
      const before = windows.get(leftKey);
      if (before !== undefined && before.atEpochMs > known.atEpochMs) return;
      // Deleted first, so that the order of the map is that of the latest use.
      windows.delete(leftKey);
      windows.set(leftKey, known);
      for (const oldest of windows.keys()) {
        if (windows.size <= MAX_WINDOWS) return;
        windows.delete(oldest);
      }
    },
    add(leftKey, difference) {
      const known = windows.get(leftKey);
      if (known !== undefined) windows.set(leftKey, { ...known, left: known.left + difference });
    },
    get: (leftKey) => windows.get(leftKey),
    latestEpochMs: () => latest,
  };
}
