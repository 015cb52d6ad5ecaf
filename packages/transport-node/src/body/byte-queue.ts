import { BodyTooLargeError, type ByteLimit } from "@babylon/provider-kit";
import { joinBytes } from "./join-bytes.ts";

/** Pieces of a body on their way from a socket, which pushes, to a reader, who pulls. */
export interface ByteQueue {
  /** `false`: enough is waiting; `resume` is called when it has been taken. */
  push(piece: Uint8Array): boolean;
  end(): void;
  /** Reads fail with the error, after what waits has been read. */
  fail(error: unknown): void;
  /** Reads fail with the reason at once. */
  abort(reason: unknown): void;
  /** All that waits, joined: one burst of the network is one piece for the reader. */
  readonly reader: AsyncIterator<Uint8Array, undefined>;
  /** Everything in one piece, for who has not read any yet; `null` while it is not all there. */
  whole(): Uint8Array | null;
}

/** What a queue needs of where its pieces come from. */
export interface ByteSource {
  /** Goes on pushing. */
  resume(): void;
  /** The reader has left: nothing more is wanted. */
  close(): void;
}

interface PendingRead {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** How much may wait before the socket is held back, in bytes. */
const HIGH_WATER_BYTES = 256 * 1024;

/** Never pushed to. */
const NO_PIECES: Uint8Array[] = [];

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * Creates an empty queue. It is read once, by one reader with one read at a time.
 *
 * @param limit - of all that is pushed: with more, the source is closed, and reads fail with a `BodyTooLargeError`
 */
export function createByteQueue(source: ByteSource, limit: ByteLimit): ByteQueue {
  let pieces: Uint8Array[] = NO_PIECES;
  let size = 0;
  let held = false;
  /** How much may still come. */
  let left = limit.bytes;
  /** The read that waits. */
  let pending: PendingRead | null = null;
  let isSettling = false;
  let outcome: { readonly error: unknown } | "open" | "ended" = "open";

  function take(): Uint8Array {
    const joined = joinBytes(pieces);
    pieces = NO_PIECES;
    size = 0;
    if (held) {
      held = false;
      if (outcome === "open") source.resume();
    }
    return joined;
  }

  function fail(error: unknown): void {
    if (outcome !== "open") return;
    outcome = { error };
    notify();
  }

  /** One read of a socket pushes several pieces: the waiting read is answered when all of them are here. */
  function notify(): void {
    if (pending === null || isSettling) return;
    isSettling = true;
    queueMicrotask(settle);
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

  /** Not an async function, and one promise a read: this runs for each token. */
  function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return new Promise((resolve, reject) => {
      pending = { resolve, reject };
      if (pieces.length > 0 || outcome !== "open") settle();
    });
  }

  return {
    push(piece) {
      if (outcome !== "open") return true;
      left -= piece.byteLength;
      if (left < 0) {
        fail(new BodyTooLargeError(limit));
        source.close();
        return true;
      }
      // Mostly the only one: a list of one, without room for more.
      if (pieces.length === 0) pieces = [piece];
      else pieces.push(piece);
      size += piece.byteLength;
      held = size >= HIGH_WATER_BYTES;
      notify();
      return !held;
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
