import { StorageError } from "./storage-error.ts";

/** One connection that is opened when it is needed and can be thrown away. */
export interface Reconnecting<C> {
  /**
   * The open connection, or a new one. Callers that come together wait for the same one. When the signal aborts before the
   * connection is there, the attempt is given up, so that the next call starts another.
   */
  get(signal: AbortSignal): Promise<C>;
  /** The connection that is open now. */
  live(): C | undefined;
  /** Closes this connection, if it is still the current one; the next `get` opens another. */
  drop(connection: C): void;
  /** Lets go of this connection without closing it; the next `get` opens another. `false`: it is not the current one. */
  release(connection: C): boolean;
  /** Closes whatever is open. `get` fails from now on. */
  close(): Promise<void>;
}

interface Opening<C> {
  readonly promise: Promise<C>;
  readonly controller: AbortController;
}

/**
 * @param open - opens a connection; lets go of everything when its signal aborts. Its failures are passed on
 * @param dispose - closes one; must not wait for a server that does not answer
 */
export function createReconnecting<C>(
  open: (signal: AbortSignal) => Promise<C>,
  dispose: (connection: C) => Promise<void>,
): Reconnecting<C> {
  let opening: Opening<C> | undefined;
  let live: C | undefined;
  let closed = false;

  const quietly = (connection: C): Promise<void> => dispose(connection).catch(() => {});

  function start(): Opening<C> {
    const controller = new AbortController();
    const promise = open(controller.signal).then(
      async (connection) => {
        if (opening !== started || closed) {
          await quietly(connection);
          throw new StorageError({ message: "the connection came too late", applied: "no" });
        }
        live = connection;
        return connection;
      },
      (thrown: unknown) => {
        if (opening === started) opening = undefined;
        throw thrown;
      },
    );
    promise.catch(() => {});
    const started = { promise, controller };
    return started;
  }

  function abandon(attempt: Opening<C>): void {
    if (opening !== attempt || live !== undefined) return;
    opening = undefined;
    attempt.controller.abort();
  }

  function release(connection: C): boolean {
    if (live !== connection) return false;
    live = undefined;
    opening = undefined;
    return true;
  }

  return {
    async get(signal) {
      if (closed) throw new StorageError({ message: "the storage was closed", applied: "no", retryable: false });
      opening ??= start();
      const attempt = opening;
      const onAbort = () => abandon(attempt);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await attempt.promise;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    live: () => live,
    drop(connection) {
      if (release(connection)) void quietly(connection);
    },
    release,
    async close() {
      closed = true;
      const connection = live;
      opening?.controller.abort();
      opening = undefined;
      live = undefined;
      if (connection !== undefined) await quietly(connection);
    },
  };
}
