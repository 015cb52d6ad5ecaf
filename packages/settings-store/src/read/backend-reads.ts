import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { withDeadline } from "@babylon/storage/time";
import type { RawPort } from "../backend/backend.ts";
import type { Lifetime } from "../lifetime.ts";

/** What reading needs. */
export interface BackendReadsOptions {
  readonly port: RawPort;
  readonly clock: Clock;
  /** Longest wait for an answer, milliseconds. */
  readonly limitMs: number;
  readonly lifetime: Lifetime;
}

/** Reads what is stored, within the limit of time. */
export interface BackendReads {
  /** For the loader: the process may end before the answer comes. */
  inBackground(): Promise<string | undefined>;
  /** For a writer, which keeps the process alive. */
  forWriter(): Promise<string | undefined>;
  /** The beginning of what is stored; `null` where that costs as much as all of it. */
  readonly head: (() => Promise<string | undefined>) | null;
  /** How often the backend was asked. */
  count(): number;
  /** When the loader asked last, by the monotonic clock. */
  lastAtMono(): number;
}

export function createBackendReads({ port, clock, limitMs, lifetime }: BackendReadsOptions): BackendReads {
  const { readHead } = port;
  let count = 0;
  let lastAtMono = 0;

  async function read(background: boolean): Promise<string | undefined> {
    lifetime.assertOpen();
    count += 1;
    return withDeadline({ clock, limitMs, onTimeout: noAnswer, background }, port.read);
  }

  return {
    inBackground() {
      lastAtMono = clock.monotonic();
      return read(true);
    },
    forWriter: () => read(false),
    head:
      readHead === undefined
        ? null
        : () => withDeadline({ clock, limitMs, onTimeout: noAnswer, background: true }, readHead),
    count: () => count,
    lastAtMono: () => lastAtMono,
  };
}

function noAnswer(thrown: unknown): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true, cause: thrown });
}
