import type { Clock, TimerHandle } from "@babylon/llm-core";

/** Watches whether an engine answers while calls wait for it. */
export interface SilenceWatch {
  /** Calls wait: the watch runs until `stop`. Without effect while it runs. */
  start(): void;
  /** The engine answered one of them. */
  answered(): void;
  /** No call waits any more. */
  stop(): void;
}

/** Options of {@link createSilenceWatch}. */
export interface SilenceWatchOptions {
  readonly clock: Clock;
  /** How long the engine may be silent, milliseconds. */
  readonly silenceMs: number;
  /** The engine was silent for too long. The watch has stopped. */
  onSilent(): void;
}

/** Ticks without an answer that are too long. Timers are late by up to a millisecond, so there is time for one more. */
const SILENT_TICKS = 5;

/** For an engine that always answers at once. */
export const NO_WATCH: SilenceWatch = { start() {}, answered() {}, stop() {} };

/**
 * Creates a watch with one timer for all calls. It counts ticks without an answer, and only those on time: after a block of the event
 * loop, timers run before the answers that have arrived meanwhile are read.
 */
export function createSilenceWatch({ clock, silenceMs, onSilent }: SilenceWatchOptions): SilenceWatch {
  const tickMs = silenceMs / (SILENT_TICKS + 1);
  let timer: TimerHandle | null = null;
  let silentTicks = 0;

  function tickLater(): void {
    const startedAtMonoMs = clock.monotonic();
    timer = clock.setTimeout(() => {
      timer = null;
      if (clock.monotonic() - startedAtMonoMs < 2 * tickMs) silentTicks += 1;
      if (silentTicks >= SILENT_TICKS) onSilent();
      else tickLater();
    }, tickMs);
  }

  return {
    start() {
      if (timer !== null) return;
      silentTicks = 0;
      tickLater();
    },
    answered() {
      silentTicks = 0;
    },
    stop() {
      if (timer !== null) clock.clearTimeout(timer);
      timer = null;
    },
  };
}
