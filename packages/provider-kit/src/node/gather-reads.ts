import { builtIn, type NodeSocket } from "./built-in.ts";
import { joinBytes } from "./join-bytes.ts";

/** Reads closer together than this are quick, in milliseconds. */
const QUICK_MS = 0.5;
/** So many quick reads in a row, and those that follow are gathered. */
const QUICK_READS = 4;
/** How long the socket is left alone, in milliseconds. */
const HOLD_MS = 1;
/** Whoever gets this much at once has enough, in bytes. */
const LARGE = 16 * 1024;

/**
 * Takes reads of a socket that follow each other quickly together: the socket is left alone for a moment after each, and the next one
 * finds all that came meanwhile. A read costs more than ten events that are in it. The first reads of a stream, and all of one whose
 * reads are further apart, are taken as they come.
 *
 * @returns for the end of the stream: no timer is left then, and the socket is read as ever
 */
export function gatherReads(socket: NodeSocket): () => void {
  let quickReads = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  /** Runs while the socket is left alone. */
  let hold: ReturnType<typeof setTimeout> | null = null;
  /** What else one read brings: over TLS each record comes by itself. */
  let rest: Uint8Array[] = [];
  let flushing: object | null = null;
  // Those of the class; while the stream is read, the socket has its own in front of them.
  const { push, _read } = socket;

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

  return () => {
    flush();
    release();
    socket.push = push;
    socket._read = _read;
  };
}
