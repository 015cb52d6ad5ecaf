import { type Clock, LONGEST_TIMER_MS, type TimerHandle } from "../contract/clock.ts";
import type { Watcher } from "./watcher.ts";

/** A stream whose call is running. */
interface OpenStream {
  readonly watcher: Watcher;
  readonly abort: () => void;
  /** The number of reads at the latest check. */
  reads: number;
}

/** The streams of a client whose calls are running. */
export interface OpenStreams {
  /** Returns the function that removes the stream. */
  add(watcher: Watcher, abort: () => void): () => void;
  /** From now on, a stream that is not read for `limitMs` is aborted: its call would wait for its reader without limit. */
  abortUnread(limitMs: number): void;
  /** Stops that. */
  stop(): void;
}

/** Creates an empty set of streams. */
export function createOpenStreams(clock: Clock): OpenStreams {
  const streams = new Set<OpenStream>();
  let timer: TimerHandle = null;

  function check(limitMs: number): void {
    for (const stream of streams) {
      const reads = stream.watcher.readCount();
      if (reads === stream.reads && !stream.watcher.isAwaited()) stream.abort();
      stream.reads = reads;
    }
    timer = clock.setTimeout(() => check(limitMs), limitMs);
  }

  return {
    add(watcher, abort) {
      const stream: OpenStream = { watcher, abort, reads: -1 };
      streams.add(stream);
      return () => streams.delete(stream);
    },
    abortUnread: (limitMs) => check(Math.min(limitMs, LONGEST_TIMER_MS)),
    stop: () => clock.clearTimeout(timer),
  };
}
