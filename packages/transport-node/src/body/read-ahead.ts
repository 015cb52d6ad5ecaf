import { BodyTooLargeError, type ByteLimit } from "@babylon/provider-kit";
import { joinBytes } from "./join-bytes.ts";

/** The source of the chunks of a queue. */
export interface ByteSource {
  /** Continues pushing after backpressure. */
  resume(): void;
  /** Stops pushing: the reader was closed, or the body is too large. */
  close(): void;
}

type Read = IteratorResult<Uint8Array, undefined>;

/** The limit of reading ahead: with so many bytes that nobody has read the socket is paused. */
const HIGH_WATER_BYTES = 256 * 1024;

const SETTLED = Promise.resolve();

/** The empty buffer. Never pushed to. */
const NO_PIECES: Uint8Array[] = [];

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * A buffer of body chunks between a socket, which pushes, and a reader, which pulls. It is read once, by one reader with one read at a
 * time; each read returns the whole buffer as one chunk.
 */
export class ReadAhead implements AsyncIterable<Uint8Array, undefined>, AsyncIterator<Uint8Array, undefined> {
  readonly #source: ByteSource;
  readonly #limit: ByteLimit;
  #pieces: Uint8Array[] = NO_PIECES;
  #size = 0;
  #isPaused = false;
  #remainingBytes: number;
  #pending: PromiseWithResolvers<Read> | null = null;
  #isSettling = false;
  /** One function for all tokens. */
  readonly #settleNow = (): void => this.#settle();
  #outcome: { readonly error: unknown } | "open" | "ended" = "open";

  /** @param limit - of all bytes pushed; beyond it the source is closed and reads fail with a `BodyTooLargeError` */
  constructor(source: ByteSource, limit: ByteLimit) {
    this.#source = source;
    this.#limit = limit;
    this.#remainingBytes = limit.bytes;
  }

  /** `false`: the buffer is full (backpressure); `resume` of the source is called when it has been drained. */
  push(piece: Uint8Array): boolean {
    if (this.#outcome !== "open") return true;
    this.#remainingBytes -= piece.byteLength;
    if (this.#remainingBytes < 0) {
      this.fail(new BodyTooLargeError(this.#limit));
      this.#source.close();
      return true;
    }
    // Usually the only chunk: a literal allocates no extra capacity, unlike `push`.
    if (this.#pieces.length === 0) this.#pieces = [piece];
    else this.#pieces.push(piece);
    this.#size += piece.byteLength;
    this.#isPaused = this.#size >= HIGH_WATER_BYTES;
    this.#notify();
    return !this.#isPaused;
  }

  /** There are no more chunks. */
  end(): void {
    if (this.#outcome !== "open") return;
    this.#outcome = "ended";
    this.#notify();
  }

  /** Reads fail with the error after the buffer is drained. */
  fail(error: unknown): void {
    if (this.#outcome !== "open") return;
    this.#outcome = { error };
    this.#notify();
  }

  /** Reads fail with the reason at once. */
  abort(reason: unknown): void {
    this.#pieces = NO_PIECES;
    this.fail(reason);
  }

  /** The whole body as one chunk, if nothing was read yet; `null` while it is incomplete. */
  whole(): Uint8Array | null {
    return this.#outcome === "ended" ? this.#take() : null;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  /** Creates one promise per read, which an async function would not: this runs for each token. */
  next(): Promise<Read> {
    const pending = Promise.withResolvers<Read>();
    this.#pending = pending;
    if (this.#pieces.length > 0 || this.#outcome !== "open") this.#settle();
    return pending.promise;
  }

  return(): Promise<Read> {
    if (this.#outcome === "open") {
      this.#outcome = "ended";
      this.#source.close();
    }
    this.#pieces = NO_PIECES;
    this.#notify();
    return Promise.resolve(END);
  }

  #take(): Uint8Array {
    const joined = joinBytes(this.#pieces);
    this.#pieces = NO_PIECES;
    this.#size = 0;
    if (this.#isPaused) {
      this.#isPaused = false;
      if (this.#outcome === "open") this.#source.resume();
    }
    return joined;
  }

  /** One read of a socket pushes several chunks: the pending read is settled after all of them. */
  #notify(): void {
    if (this.#pending === null || this.#isSettling) return;
    this.#isSettling = true;
    // Node's `queueMicrotask` creates an `AsyncResource` for each call, and this runs for each token.
    SETTLED.then(this.#settleNow);
  }

  #settle(): void {
    const read = this.#pending;
    this.#pending = null;
    this.#isSettling = false;
    if (read === null) return;
    if (this.#pieces.length > 0) read.resolve({ done: false, value: this.#take() });
    else if (typeof this.#outcome === "object") read.reject(this.#outcome.error);
    else read.resolve(END);
  }
}
