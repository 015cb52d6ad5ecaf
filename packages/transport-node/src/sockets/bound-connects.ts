import type { OpenSocket } from "../connections/pool.ts";
import { createFifo, type Fifo } from "./fifo.ts";

/** Maximum concurrent connects per origin. */
const MOST_AT_ONCE = 256;

/** The active and queued connects of an origin. */
interface Connecting {
  active: number;
  /** In order of arrival. */
  readonly queue: Fifo<() => void>;
}

/**
 * Limits the concurrent connects of `open` per origin; the others are queued. Otherwise thousands of calls that start at once would block
 * the process while all their sockets are created, and again when they are canceled.
 */
export function boundConnects(open: OpenSocket, mostAtOnce: number = MOST_AT_ONCE): OpenSocket {
  const origins = new Map<string, Connecting>();

  function connectingTo(origin: string): Connecting {
    const known = origins.get(origin) ?? { active: 0, queue: createFifo() };
    origins.set(origin, known);
    return known;
  }

  /** Starts queued connects while there are free slots. */
  function proceed(origin: string, connecting: Connecting): void {
    while (connecting.active < mostAtOnce) {
      const start = connecting.queue.shift();
      if (start === undefined) break;
      start();
    }
    if (connecting.active === 0) origins.delete(origin);
  }

  return (options, callback) => {
    const origin = `${options.protocol}//${options.host}`;
    const connecting = connectingTo(origin);
    let giveUp: ((reason: unknown) => void) | null = null;

    function start(): void {
      connecting.active += 1;
      giveUp = open(options, (error, socket) => {
        connecting.active -= 1;
        // In a microtask, because queued connects are often canceled together with this one.
        queueMicrotask(() => proceed(origin, connecting));
        callback(error, socket);
      });
    }

    if (connecting.active < mostAtOnce) start();
    else connecting.queue.add(start);
    return (reason) => {
      if (giveUp !== null) giveUp(reason);
      else if (connecting.queue.delete(start)) callback(reason, null);
    };
  };
}
