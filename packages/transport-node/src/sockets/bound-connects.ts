import type { OpenSocket } from "../connections/pool.ts";
import { createFifo, type Fifo } from "./fifo.ts";

/** Connections to one origin that are being made at a time. */
const MOST_AT_ONCE = 256;

/** What is being connected to an origin, and what waits for its turn. */
interface Connecting {
  active: number;
  /** In the order in which they were asked for. */
  readonly queue: Fifo<() => void>;
}

/**
 * Opens connections as `open` does, to each origin so many at a time; the others wait. Thousands of calls that begin in one moment would
 * otherwise block the process for as long as all their sockets take to open, and again when they are given up.
 */
export function boundConnects(open: OpenSocket, mostAtOnce: number = MOST_AT_ONCE): OpenSocket {
  const origins = new Map<string, Connecting>();

  function connectingTo(origin: string): Connecting {
    const known = origins.get(origin) ?? { active: 0, queue: createFifo() };
    origins.set(origin, known);
    return known;
  }

  /** Starts those whose turn it is. */
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
        // Later, because those that wait are often given up together with this one.
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
