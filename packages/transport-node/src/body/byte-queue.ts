import { BodyTooLargeError, type ByteLimit } from "@babylon/provider-kit";
import { joinBytes } from "./join-bytes.ts";

/** A buffer of body chunks between a socket, which pushes, and a reader, which pulls. */
export interface ByteQueue {
  /** `false`: the buffer is full (backpressure); `resume` of the source is called when it has been drained. */
  push(piece: Uint8Array): boolean;
  end(): void;
  /** Reads fail with the error after the buffer is drained. */
  fail(error: unknown): void;
  /** Reads fail with the reason at once. */
  abort(reason: unknown): void;
  /** Each read returns the whole buffer as one chunk. */
  readonly reader: AsyncIterator<Uint8Array, undefined>;
  /** The whole body as one chunk, if nothing was read yet; `null` while it is incomplete. */
  whole(): Uint8Array | null;
}

/** The source of the chunks of a queue. */
export interface ByteSource {
  /** Continues pushing after backpressure. */
  resume(): void;
  /** Stops pushing: the reader was closed, or the body is too large. */
  close(): void;
}

interface PendingRead {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** The buffered bytes at which the socket is paused. */
const HIGH_WATER_BYTES = 256 * 1024;

const SETTLED = Promise.resolve();

/** The empty buffer. Never pushed to. */
const NO_PIECES: Uint8Array[] = [];

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * Creates an empty queue. It is read once, by one reader with one read at a time.
 *
 * @param limit - of all bytes pushed; beyond it the source is closed and reads fail with a `BodyTooLargeError`
 */
export function createByteQueue(source: ByteSource, limit: ByteLimit): ByteQueue {
  let pieces: Uint8Array[] = NO_PIECES;
  let size = 0;
  let isPaused = false;
  let remainingBytes = limit.bytes;
  let pending: PendingRead | null = null;
  let isSettling = false;
  let outcome: { readonly error: unknown } | "open" | "ended" = "open";

  function take(): Uint8Array {
    const joined = joinBytes(pieces);
    pieces = NO_PIECES;
    size = 0;
    if (isPaused) {
      isPaused = false;
      if (outcome === "open") source.resume();
    }
    return joined;
  }

  function fail(error: unknown): void {
    if (outcome !== "open") return;
    outcome = { error };
    notify();
  }

  /** One read of a socket pushes several chunks: the pending read is settled after all of them. */
  function notify(): void {
    if (pending === null || isSettling) return;
    isSettling = true;
    // Node's `queueMicrotask` creates an `AsyncResource` for each call, and this runs for each token.
    SETTLED.then(settle);
  }

  function settle(): void {
    const read = pending;
    pending = null;
    isSettling = false;
    if (read === null) return;
    if (pieces.length > 0) read.resolve({ done: false, value: take() });
    else if (typeof outcome === "object") read.reject(outcome.error);
    else read.resolve(END);
  }

  /** Creates one promise per read, which an async function would not: this runs for each token. */
  function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return new Promise((resolve, reject) => {
      pending = { resolve, reject };
      if (pieces.length > 0 || outcome !== "open") settle();
    });
  }

  return {
    push(piece) {
      if (outcome !== "open") return true;
      remainingBytes -= piece.byteLength;
      if (remainingBytes < 0) {
        fail(new BodyTooLargeError(limit));
        source.close();
        return true;
      }
      // Usually the only chunk: a literal allocates no extra capacity, unlike `push`.
      if (pieces.length === 0) pieces = [piece];
      else pieces.push(piece);
      size += piece.byteLength;
      isPaused = size >= HIGH_WATER_BYTES;
      notify();
      return !isPaused;
    },
    end() {
      if (outcome !== "open") return;
      outcome = "ended";
      notify();
    },
    fail,
    abort(reason) {
      pieces = NO_PIECES;
      fail(reason);
    },
    whole: () => (outcome === "ended" ? take() : null),
    reader: {
      next,
      return() {
        if (outcome === "open") {
          outcome = "ended";
          source.close();
        }
        pieces = NO_PIECES;
        notify();
        return Promise.resolve(END);
      },
    },
  };
}
