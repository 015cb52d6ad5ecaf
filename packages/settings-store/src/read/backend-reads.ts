import type { Clock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { withDeadline } from "@babylon/storage/time";
import type { RawPort } from "../backend/backend.ts";
import type { Lifetime } from "../lifetime.ts";

/** Input of {@link createBackendReads}. */
export interface BackendReadsOptions {
  readonly port: RawPort;
  readonly clock: Clock;
  /** The time limit of a read, milliseconds. */
  readonly limitMs: number;
  readonly lifetime: Lifetime;
}

/** Reads of the backend, with a time limit. */
export interface BackendReads {
  /** For the loader: the read does not keep the process alive. */
  inBackground(): Promise<string | undefined>;
  /** For a writer: the read keeps the process alive. */
  forWriter(): Promise<string | undefined>;
  /** Reads the beginning of the stored text; `null` where that costs as much as a whole read. */
  readonly head: (() => Promise<string | undefined>) | null;
  /** How many whole reads were started. */
  count(): number;
  /** When the last background read started, by the monotonic clock. */
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
