import type { Bus } from "./backend.ts";

/** Serializes the writes of this process to one backend object and announces them to its stores. */
export interface SharedAccess {
  /** Runs work after all earlier work is done or was canceled. */
  runExclusive<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Sends a message to the stores of this process. */
  publish(message: string): void;
  readonly bus: Bus;
}

const ACCESS_BY_OWNER = new WeakMap<object, SharedAccess>();

/** The shared access to an object, such as a Map or an adapter: one per object. */
export function sharedAccessTo(owner: object): SharedAccess {
  const known = ACCESS_BY_OWNER.get(owner);
  if (known !== undefined) return known;
  const access = createSharedAccess();
  ACCESS_BY_OWNER.set(owner, access);
  return access;
}

function createSharedAccess(): SharedAccess {
  const listeners = new Set<(message: string) => void>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    runExclusive(work, signal) {
      const result = last.then(work);
      // Work that never settles blocks the queue only until its signal aborts.
      last = Promise.race([result.catch(() => {}), whenAborted(signal)]);
      return result;
    },
    publish(message) {
      for (const listener of [...listeners]) listener(message);
    },
    bus: {
      scope: "all",
      canFail: false,
      async connect({ onMessage }) {
        listeners.add(onMessage);
        return {
          send: null,
          async close() {
            listeners.delete(onMessage);
          },
        };
      },
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
