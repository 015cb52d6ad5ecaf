import { StorageError } from "./storage-error.ts";

/** One lazy connection that reopens after it was dropped. */
export interface Reconnecting<C> {
  /**
   * The open connection, or a new one. Concurrent callers share one attempt. When the signal aborts before the connection is open, the
   * attempt is canceled, so that the next call starts a new one.
   */
  get(signal: AbortSignal): Promise<C>;
  /** The open connection, if any. */
  live(): C | undefined;
  /** Closes this connection if it is still the current one; the next `get` opens another. */
  drop(connection: C): void;
  /** Detaches this connection without closing it; the next `get` opens another. `false`: it is not the current one. */
  release(connection: C): boolean;
  /** Closes the open connection and cancels an attempt. `get` fails afterwards. */
  close(): Promise<void>;
}

interface Opening<C> {
  readonly promise: Promise<C>;
  readonly controller: AbortController;
}

/**
 * @param open - opens a connection; releases all resources when its signal aborts. Its errors are passed on
 * @param dispose - closes a connection; must not wait for a server that does not answer
 */
export function createReconnecting<C>(
  open: (signal: AbortSignal) => Promise<C>,
  dispose: (connection: C) => Promise<void>,
): Reconnecting<C> {
  let opening: Opening<C> | undefined;
  let live: C | undefined;
  let closed = false;

  const disposeQuietly = (connection: C): Promise<void> => dispose(connection).catch(() => {});

  function start(): Opening<C> {
    const controller = new AbortController();
    const promise = open(controller.signal).then(
      async (connection) => {
        if (opening !== started || closed) {
          await disposeQuietly(connection);
          throw new StorageError({ message: "the connection opened after its attempt was canceled", applied: "no" });
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

  function cancel(attempt: Opening<C>): void {
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
      const onAbort = () => cancel(attempt);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await attempt.promise;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    live: () => live,
    drop(connection) {
      if (release(connection)) void disposeQuietly(connection);
    },
    release,
    async close() {
      closed = true;
      const connection = live;
      opening?.controller.abort();
      opening = undefined;
      live = undefined;
      if (connection !== undefined) await disposeQuietly(connection);
    },
  };
}
