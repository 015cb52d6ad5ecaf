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

interface Waiting {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(error: unknown): void;
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/** Creates an empty queue. It is read once, by one reader with one read at a time. */
export function createByteQueue(source: ByteSource): ByteQueue {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let held = false;
  let waiting: Waiting | null = null;
  let outcome: { readonly error: unknown } | "open" | "ended" = "open";

  function take(): Uint8Array {
    const [first = new Uint8Array(0)] = pieces;
    const joined = pieces.length === 1 ? first : join(pieces, size);
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
    waiting?.reject(error);
    waiting = null;
  }

  return {
    push(piece) {
      if (outcome !== "open") return true;
      if (waiting !== null) {
        const { resolve } = waiting;
        waiting = null;
        resolve({ done: false, value: piece });
        return true;
      }
      pieces.push(piece);
      size += piece.byteLength;
      held = size >= ENOUGH;
      return !held;
    },
    end() {
      if (outcome !== "open") return;
      outcome = "ended";
      waiting?.resolve(END);
      waiting = null;
    },
    fail,
    abort(reason) {
      pieces = [];
      fail(reason);
    },
    whole: () => (outcome === "ended" ? take() : null),
    reader: {
      next() {
        if (pieces.length > 0) return Promise.resolve({ done: false, value: take() });
        if (outcome === "ended") return Promise.resolve(END);
        if (outcome !== "open") return Promise.reject(outcome.error);
        return new Promise((resolve, reject) => {
          waiting = { resolve, reject };
        });
      },
      return() {
        if (outcome === "open") {
          outcome = "ended";
          source.close();
        }
        pieces = [];
        waiting?.resolve(END);
        waiting = null;
        return Promise.resolve(END);
      },
    },
  };
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const joined = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.byteLength;
  }
  return joined;
}
