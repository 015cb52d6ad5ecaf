import type { TickEvent } from "../tick/tick-event.ts";

/** Shows a tick while it runs. */
export interface Progress {
  /** Pass it to the tick as `onProgress`. */
  update(event: TickEvent): void;
  /** Prints a permanent line. */
  note(line: string): void;
  /** Stops updating; may be called again. */
  end(): void;
}
