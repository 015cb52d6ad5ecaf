import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createEventReader } from "./event-reader.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

function heapBytes(): number {
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

const COMMENT = new TextEncoder().encode(": waiting\n\n");
/** Far less than the memory of 100,000 nested promises. */
const MOST_GROWTH_BYTES = 3_000_000;

test("chunks that complete no event retain no memory", async () => {
  const growth: number[] = [];
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let round = 0; round < 3; round += 1) {
      const before = heapBytes();
      for (let piece = 0; piece < 100_000; piece += 1) yield COMMENT;
      growth.push(heapBytes() - before);
    }
    yield new TextEncoder().encode("data: x\n\n");
  }
  const reader = createEventReader(body(), {
    isLast: () => false,
    take: (events) => events,
    recover: (thrown) => {
      throw thrown;
    },
  });
  expect(await reader.read()).toEqual([{ event: null, data: "x" }]);
  expect(await reader.read()).toBeNull();
  // The first round includes compilation.
  expect(Math.max(...growth.slice(1))).toBeLessThan(MOST_GROWTH_BYTES);
});
