import { builtIn, type NodeSocket } from "./built-in.ts";
import { joinBytes } from "./join-bytes.ts";

/**
 * Reads of a socket that follow each other quickly, taken together: the socket is left alone for a moment after each, and the next one
 * finds all that came meanwhile. A read costs more than ten events that are in it. The first reads of a stream, and all of one whose
 * reads are further apart, are taken as they come.
 */
export interface Gathering {
  /** A stream is being read. */
  begin(): void;
  /** It is over: no timer is left, and the socket is read as ever. */
  end(): void;
}

/** Reads closer together than this are quick, in milliseconds. */
const QUICK_MS = 0.5;
/** So many quick reads in a row, and those that follow are gathered. */
const QUICK_READS = 4;
/** How long the socket is left alone, in milliseconds. */
const HOLD_MS = 1;
/** Whoever gets this much at once has enough, in bytes. */
const LARGE = 16 * 1024;

/**
 * Makes the reads of a socket ready to be gathered.
 *
 * @param onRead - told of the socket that is read, right before what was read is looked at
 */
export function gatherReads(socket: NodeSocket, onRead: (gathering: Gathering) => void): void {
  let quickReads = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  /** Runs while the socket is left alone. */
  let hold: ReturnType<typeof setTimeout> | null = null;
  /** What else one read brings: over TLS each record comes by itself. */
  let rest: Uint8Array[] = [];
  let flushing: object | null = null;
  // Those of the class; while a stream is read, the socket has its own in front of them.
  const { read, push, _read } = socket;

  function release(): void {
    if (hold === null) return;
    clearTimeout(hold);
    hold = null;
    lastMs = performance.now();
    if (!socket.destroyed) _read.call(socket, 0);
  }

  function flush(): void {
    if (flushing === null) return;
    builtIn("node:timers").clearImmediate(flushing);
    flushing = null;
    const joined = joinBytes(rest);
    rest = [];
    if (!socket.destroyed) push.call(socket, joined);
  }

  function isQuick(size: number): boolean {
    const nowMs = performance.now();
    quickReads = nowMs - lastMs < QUICK_MS && size < LARGE ? quickReads + 1 : 0;
    lastMs = nowMs;
    return quickReads >= QUICK_READS;
  }

  const gathering: Gathering = {
    begin() {
      quickReads = 0;
      lastMs = Number.NEGATIVE_INFINITY;
      socket.push = (chunk, encoding) => {
        if (chunk === null) flush();
        else if (hold !== null) {
          rest.push(chunk);
          flushing ??= builtIn("node:timers").setImmediate(flush);
          return false;
        }
        const wantsMore = push.call(socket, chunk, encoding);
        if (chunk === null || !wantsMore || !isQuick(chunk.byteLength)) return wantsMore;
        hold = setTimeout(release, HOLD_MS);
        return false;
      };
      // What has arrived is taken out of the socket all the same, which would have it read on.
      socket._read = (size) => {
        if (hold === null) _read.call(socket, size);
      };
    },
    end() {
      flush();
      release();
      socket.push = push;
      socket._read = _read;
    },
  };

  socket.read = (size) => {
    const chunk = read.call(socket, size);
    if (chunk !== null) onRead(gathering);
    return chunk;
  };
}
