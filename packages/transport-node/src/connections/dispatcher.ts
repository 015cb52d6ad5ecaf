/**
 * As much of a dispatcher of undici, Node's HTTP client, as is used here. The names of the handler's methods are those that its own
 * `fetch` speaks in undici 6 and 7 (Node 22 and 24, 2026-11).
 */
export interface Dispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
}

/** What is sent. */
export interface DispatchOptions {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly method: "GET" | "POST";
  /** An object of its own for each request: a proxy adds to it. */
  readonly headers: Record<string, string>;
  readonly body: string | null;
  /** Milliseconds; 0: no limit. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** Text as it came over the wire. */
export interface RawText {
  toString(encoding: "latin1"): string;
}

/** What is told of a request, in this order. */
export interface DispatchHandler {
  /** The request is about to be written. `abort` closes its socket. */
  onConnect(abort: (reason: Error) => void): void;
  /** Also for informational replies (1xx). `false` holds the body back until `resume` is called. */
  onHeaders(status: number, rawHeaders: readonly RawText[], resume: () => void): boolean;
  /** `false` holds the rest of the body back until `resume` is called. */
  onData(piece: Uint8Array): boolean;
  onComplete(): void;
  onError(error: unknown): void;
}
