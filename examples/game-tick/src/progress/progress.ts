import type { TickEvent } from "../tick/tick-event.ts";

/** Shows a tick while it runs. */
export interface Progress {
  /** To be given to the tick as `onProgress`. */
  update(event: TickEvent): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves what is shown as it is and stops; may be called again. */
  end(): void;
}
