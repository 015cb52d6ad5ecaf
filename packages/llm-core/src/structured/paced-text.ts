import type { TimeSlicer } from "./time-slicer.ts";

/** Passes text to a slow reader in time slices. */
export interface PacedText {
  /** Passes the text on: synchronously, or buffered if the time slice is used up. */
  write(text: string): void;
  /** Resolves when the buffer is drained; rejects with the call's interruption. */
  drained(): Promise<void>;
  /** Drains the buffer synchronously. */
  drain(): void;
}

/** Maximum length of a piece, after which the time is checked, characters. */
const MAX_PIECE_CHARS = 32_768;

/** Creates a pacer with an empty buffer. */
export function createPacedText(read: (text: string) => void, slicer: TimeSlicer): PacedText {
  let pending: string[] = [];
  let draining: Promise<void> | null = null;

  /** Passes on pieces until the time slice is used up. */
  function handOver(): void {
    slicer.begin();
    let passed = 0;
    while (passed < pending.length && !slicer.isSliceOver()) {
      read(pending[passed] ?? "");
      passed += 1;
    }
    pending = pending.slice(passed);
    slicer.end();
  }

  async function drainInSlices(): Promise<void> {
    while (pending.length > 0) {
      await slicer.pause();
      handOver();
    }
    draining = null;
  }

  return {
    write(text) {
      for (let at = 0; at < text.length; at += MAX_PIECE_CHARS) pending.push(text.slice(at, at + MAX_PIECE_CHARS));
      if (draining !== null) return;
      handOver();
      if (pending.length === 0) return;
      draining = drainInSlices();
      // `drained()` reports the rejection.
      draining.catch(() => {});
    },
    drained: () => draining ?? Promise.resolve(),
    drain() {
      const rest = pending;
      pending = [];
      slicer.resumeNow();
      for (const text of rest) read(text);
    },
  };
}
