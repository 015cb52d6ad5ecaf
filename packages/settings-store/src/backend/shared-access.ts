import type { Bus } from "./backend.ts";

/** What the stores of one process share about one place: whose turn it is and who wants to know of changes. */
export interface SharedAccess {
  /** Runs work after everybody who came before is done, or has run out of time. */
  runExclusive<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Tells the stores of this process. */
  publish(message: string): void;
  readonly bus: Bus;
}

const PLACES = new WeakMap<object, SharedAccess>();

/** The one shared place of an object, such as a Map or an adapter. */
export function sharedAccessTo(owner: object): SharedAccess {
  const known = PLACES.get(owner);
  if (known !== undefined) return known;
  const place = createSharedAccess();
  PLACES.set(owner, place);
  return place;
}

function createSharedAccess(): SharedAccess {
  const listeners = new Set<(message: string) => void>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    runExclusive(work, signal) {
      const turn = last.then(work);
      // Work that hangs must not keep the others waiting for longer than its own limit.
      last = Promise.race([turn.catch(() => {}), whenAborted(signal)]);
      return turn;
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
