import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { NodeSocket } from "./built-in.ts";
import { gatherReads } from "./gather-reads.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const SMALL = new Uint8Array(100);
const LARGE = new Uint8Array(64 * 1024);

/** A socket of a class, as Node's are: what it is told to push is read at once, and it wants more unless its reader is full. */
class FakeSocket implements NodeSocket {
  destroyed = false;
  wantsMore = true;
  /** How often the connection was told to read. */
  starts = 0;
  taken: (Uint8Array | null)[] = [];
  push(chunk: Uint8Array | null): boolean {
    this.taken.push(chunk);
    return this.wantsMore;
  }
  _read(): void {
    this.starts += 1;
  }
  read(): unknown {
    return this.taken.shift() ?? null;
  }
  on(): void {}
  once(): void {}
  setNoDelay(): void {}
  setKeepAlive(): void {}
  unshift(): void {}
  destroy(): void {
    this.destroyed = true;
  }
}

/** Reads, so many milliseconds apart; whether the connection goes on reading after each. */
function reads(socket: FakeSocket, count: number, apartMs: number, chunk = SMALL): boolean[] {
  return Array.from({ length: count }, () => {
    vi.advanceTimersByTime(apartMs);
    return socket.push(chunk);
  });
}

test.each([
  ["slow ones", 0.6, SMALL],
  ["those of a real model", 8, SMALL],
  ["large ones, however quick", 0.1, LARGE],
])("%s are taken as they come", (_, apartMs, chunk) => {
  const socket = new FakeSocket();
  gatherReads(socket);
  expect(reads(socket, 20, apartMs, chunk)).not.toContain(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("after four quick ones the socket is left alone for a millisecond, and again as long as they are quick", () => {
  const socket = new FakeSocket();
  gatherReads(socket);
  // The first one follows nothing.
  expect(reads(socket, 5, 0.1)).toEqual([true, true, true, true, false]);
  // Its reader takes what is there, and asks for more in vain.
  socket._read();
  vi.advanceTimersByTime(0.2);
  expect(socket.starts).toBe(0);
  vi.advanceTimersByTime(1);
  expect(socket.starts).toBe(1);
  // What came meanwhile is read at once.
  expect(reads(socket, 1, 0)).toEqual([false]);
  vi.advanceTimersByTime(1);
  expect(socket.starts).toBe(2);
  expect(reads(socket, 2, 3)).toEqual([true, true]);
});

test("a reader who is full keeps the socket from reading, with no timer beside", () => {
  const socket = new FakeSocket();
  gatherReads(socket);
  reads(socket, 4, 0.1);
  socket.wantsMore = false;
  expect(socket.push(SMALL)).toBe(false);
  expect(socket.push(SMALL)).toBe(false);
  vi.advanceTimersByTime(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("what arrives while the socket is left alone is kept, and so is the end", () => {
  const socket = new FakeSocket();
  gatherReads(socket);
  reads(socket, 5, 0.1);
  socket.taken = [];
  expect(socket.push(SMALL)).toBe(false);
  socket.push(null);
  expect(socket.taken).toEqual([SMALL, null]);
});

test("what one read brings in several pieces, as over TLS, is taken in one after the first", async () => {
  const socket = new FakeSocket();
  const end = gatherReads(socket);
  reads(socket, 5, 0.1);
  socket.taken = [];
  for (const byte of [1, 2, 3]) expect(socket.push(Uint8Array.of(byte))).toBe(false);
  await vi.waitUntil(() => socket.taken.length > 0);
  expect(socket.taken).toEqual([Uint8Array.of(1, 2, 3)]);
  // What has not been handed over at the end of the stream belongs to what follows.
  socket.push(Uint8Array.of(4));
  end();
  expect(socket.taken).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
});

test("the end of the stream leaves no timer, and the socket as it was", () => {
  const socket = new FakeSocket();
  const end = gatherReads(socket);
  reads(socket, 5, 0.1);
  expect(vi.getTimerCount()).toBe(1);
  end();
  expect({ timers: vi.getTimerCount(), starts: socket.starts }).toEqual({ timers: 0, starts: 1 });
  expect(reads(socket, 20, 0.1)).not.toContain(false);
  socket._read();
  expect(socket.starts).toBe(2);
});

test("a socket that was destroyed meanwhile is not read", () => {
  const socket = new FakeSocket();
  const end = gatherReads(socket);
  reads(socket, 5, 0.1);
  socket.destroy();
  vi.advanceTimersByTime(5);
  end();
  expect(socket.starts).toBe(0);
});
