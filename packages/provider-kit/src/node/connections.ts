import type { Dispatcher } from "./dispatcher.ts";

/** Which connections a request may use. */
export interface Connections {
  /** The platform's own, or newer ones where those were given up by the server. */
  of(origin: string, platform: Dispatcher): Dispatcher;
  /**
   * The server gave a connection up before it answered. Others that wait to be used again may be as dead, so requests from now on
   * open new ones; otherwise the second attempt would meet the next dead one. Those in use go on.
   */
  renew(origin: string, platform: Dispatcher, used: Dispatcher): void;
}

interface Renewed {
  readonly platform: Dispatcher;
  readonly dispatcher: Dispatcher & { close(): Promise<void> };
}

/** How many origins with renewed connections are remembered. */
const REMEMBERED = 100;

/** Creates the connections of one transport. */
export function createConnections(): Connections {
  const renewed = new Map<string, Renewed>();

  function current(origin: string, platform: Dispatcher): Dispatcher {
    const known = renewed.get(origin);
    return known?.platform === platform ? known.dispatcher : platform;
  }

  function forget(origin: string): void {
    // It waits for the requests that are under way.
    renewed
      .get(origin)
      ?.dispatcher.close()
      .catch(() => {});
    renewed.delete(origin);
  }

  return {
    of: (origin, platform) => (renewed.size === 0 ? platform : current(origin, platform)),
    renew(origin, platform, used) {
      // Of many requests that fail at once, the first one has renewed them for all.
      if (current(origin, platform) !== used) return;
      forget(origin);
      const [oldest] = renewed.keys();
      if (renewed.size >= REMEMBERED && oldest !== undefined) forget(oldest);
      // Of the same class as the platform's own, which Node makes without options, too.
      const Own = platform.constructor as new () => Renewed["dispatcher"];
      renewed.set(origin, { platform, dispatcher: new Own() });
    },
  };
}

/** Errors of a connection that is given up by the other side. */
const GIVEN_UP: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Whether a request failed because the server gave its connection up. */
export function isGivenUp(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && GIVEN_UP.has(thrown.code);
}
