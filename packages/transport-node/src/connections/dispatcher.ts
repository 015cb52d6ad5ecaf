/**
 * The part of a dispatcher of undici, Node's HTTP client, that is used here. The names of the handler's methods are those that `fetch`
 * uses in undici 6 and 7 (Node 22 and 24, 2026-11).
 */
export interface Dispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
}

/** A request. */
export interface DispatchOptions {
  readonly origin: string;
  /** Includes the query. */
  readonly path: string;
  readonly method: "GET" | "POST";
  /** A new object for each request, because a proxy dispatcher adds headers to it. */
  readonly headers: Record<string, string>;
  readonly body: string | null;
  /** Milliseconds; 0: no limit. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** Undecoded text of a header. */
export interface RawText {
  toString(encoding: "latin1"): string;
}

/** Callbacks of a request, in this order. */
export interface DispatchHandler {
  /** The request is about to be written. `abort` closes its socket. */
  onConnect(abort: (reason: Error) => void): void;
  /** Also called for informational replies (1xx). `false` pauses the body until `resume` is called. */
  onHeaders(status: number, rawHeaders: readonly RawText[], resume: () => void): boolean;
  /** `false` pauses the rest of the body until `resume` is called. */
  onData(piece: Uint8Array): boolean;
  onComplete(): void;
  onError(error: unknown): void;
}
