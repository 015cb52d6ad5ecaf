import { type ByteLimit, DEFAULT_LIMIT, type TransportRequest, type TransportResponse } from "@babylon/provider-kit";
import { type ByteSource, ReadAhead } from "./body/read-ahead.ts";
import { type Connections, isClosedByServer } from "./connections/connections.ts";
import type { DispatchHandler, RawText } from "./connections/dispatcher.ts";
import { type PendingConnects, type Place, type Pool, removeWaiting } from "./connections/pool.ts";
import type { PoolSource } from "./connections/pool-source.ts";
import { Reply } from "./reply.ts";
import type { RequestTarget } from "./request-target.ts";

/** The connections that a request uses. */
export interface RequestRoute {
  readonly pool: Pool;
  /** Where the pool is from. */
  readonly source: PoolSource;
  /** Informed when the server closed the connection before it answered. */
  readonly connections: Pick<Connections, "renew">;
}

/** The reason for closing the socket of a request whose reply is no longer read. It is never reported. */
const NOT_READ = new Error("the reply is no longer read");

/**
 * One request at a dispatcher, until the end of the reply's body.
 *
 * A class, because thousands of requests wait for their replies at once: a closure for each callback would take twice the memory.
 */
export class DispatchedRequest implements DispatchHandler, ByteSource {
  readonly #route: RequestRoute;
  readonly #target: RequestTarget;
  readonly #limit: ByteLimit;
  readonly #signal: AbortSignal;
  readonly #onSent: TransportRequest["onSent"];
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #abort = (): void => this.#onAbort();
  /** Occupied until the dispatcher has ended the request. */
  readonly place: Place;
  /** Set until the request has a connection. */
  #waiting: PendingConnects | null;
  #isSettled = false;
  #closeSocket: ((reason: Error) => void) | null = null;
  #resumeSocket: (() => void) | null = null;
  /** Created with the head of the reply. */
  #queue: ReadAhead | null = null;

  /** Watches the request's signal, and occupies a place at a dispatcher of the pool. */
  constructor(
    route: RequestRoute,
    target: RequestTarget,
    { signal, onSent, limit = DEFAULT_LIMIT }: TransportRequest,
    resolve: (response: TransportResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#route = route;
    this.#target = target;
    this.#limit = limit;
    this.#signal = signal;
    this.#onSent = onSent;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener("abort", this.#abort);
    this.place = route.pool.placeAt(target.origin);
    this.#waiting = route.pool.waitingAt(target.origin);
    if (this.#waiting !== null) this.#waiting.requests += 1;
  }

  onConnect(close: (reason: Error) => void): void {
    this.#closeSocket = close;
    this.#stopWaiting(true);
    // The request was aborted before it had a connection.
    if (this.#isSettled) close(NOT_READ);
    else this.#onSent?.(true);
  }

  onHeaders(status: number, raw: readonly RawText[], resume: () => void): boolean {
    if (status < 200) return true;
    this.#resumeSocket = resume;
    this.#queue = new ReadAhead(this, this.#limit);
    this.#resolve(new Reply(this.#target.url, status, raw, this.#queue, this.#limit));
    return true;
  }

  onData(piece: Uint8Array): boolean {
    return this.#queue?.push(piece) ?? true;
  }

  onComplete(): void {
    this.#end();
    this.#queue?.end();
  }

  onError(error: unknown): void {
    this.#end();
    const { pool, source, connections } = this.#route;
    if (this.#queue === null && !this.#signal.aborted && isClosedByServer(error)) {
      connections.renew(this.#target.origin, source, pool);
    }
    this.#reject(error);
    this.#queue?.fail(error);
  }

  /** Continues after backpressure. */
  resume(): void {
    this.#resumeSocket?.();
  }

  /** Ends the request and closes its socket. */
  close(): void {
    this.#settle();
    this.#closeSocket?.(NOT_READ);
  }

  /** Rejects before the socket is closed, so that the caller gets the reason of the abort and not the error of the socket. */
  #onAbort(): void {
    const { reason } = this.#signal;
    this.#reject(reason);
    this.#queue?.abort(reason);
    this.close();
  }

  /** The dispatcher has ended the request. */
  #end(): void {
    this.place.release(this.#target.origin);
    this.#settle();
  }

  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#stopWaiting(false);
  }

  #stopWaiting(isConnected: boolean): void {
    if (this.#waiting !== null) removeWaiting(this.#waiting, isConnected);
    this.#waiting = null;
  }
}
