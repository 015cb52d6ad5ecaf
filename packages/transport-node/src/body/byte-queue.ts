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

/** How much may wait before the socket is held back, in bytes. */
const ENOUGH = 256 * 1024;

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * Creates an empty queue. It is read once, by one reader with one read at a time.
 *
 * @param limit - of all that is pushed: with more, the source is closed, and reads fail with a `BodyTooLargeError`
 */
export function createByteQueue(source: ByteSource, limit: ByteLimit): ByteQueue {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let held = false;
  /** How much may still come. */
  let left = limit.bytes;
  /** Wakes the reader who waits. */
  let wake: (() => void) | null = null;
  let outcome: { readonly error: unknown } | "open" | "ended" = "open";

  function take(): Uint8Array {
    const joined = joinBytes(pieces);
    pieces = [];
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

  function notify(): void {
    const waiting = wake;
    wake = null;
    waiting?.();
  }

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    // One read of a socket pushes several pieces: when the reader wakes, all of them are here.
    while (pieces.length === 0 && outcome === "open") {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (pieces.length > 0) return { done: false, value: take() };
    if (typeof outcome === "object") throw outcome.error;
    return END;
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
      pieces.push(piece);
      size += piece.byteLength;
      held = size >= ENOUGH;
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
      pieces = [];
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
        pieces = [];
        notify();
        return Promise.resolve(END);
      },
    },
  };
}
