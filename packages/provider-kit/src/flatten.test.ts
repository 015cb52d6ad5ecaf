import { expect, test } from "vitest";
import { flatten } from "./flatten.ts";

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test.each<[string, readonly number[][]]>([
  ["no batch", []],
  ["empty batches", [[], [], []]],
  ["batches of many, one and none", [[1, 2], [], [3], [], [4, 5]]],
])("gives the items of %s in order", async (_, batches) => {
  async function* all() {
    yield* batches;
  }
  expect(await collect(flatten(all()))).toEqual(batches.flat());
});

test("a failure inside a batch is the generator's to handle, after the items before it", async () => {
  function* broken() {
    yield 1;
    throw new Error("malformed");
  }
  const seen: unknown[] = [];
  async function* handling(rest: Iterable<number> | null) {
    try {
      yield broken();
    } catch (thrown) {
      seen.push(String(thrown));
      if (rest === null) throw new Error("told apart");
      yield rest;
    } finally {
      seen.push("closed");
    }
  }
  expect(await collect(flatten<number>(handling([2, 3])))).toEqual([1, 2, 3]);
  const items = flatten<number>(handling(null));
  expect(await items.next()).toEqual({ done: false, value: 1 });
  await expect(items.next()).rejects.toThrow("told apart");
  expect(await items.next()).toEqual({ done: true, value: undefined });
  expect(seen).toEqual(["Error: malformed", "closed", "Error: malformed", "closed"]);
});

test("a failure of a batch's first item and of the generator itself come out", async () => {
  // biome-ignore lint/correctness/useYield: it fails before it would.
  function* broken(): Generator<number> {
    throw new Error("first");
  }
  async function* one() {
    yield broken();
  }
  await expect(collect(flatten(one()))).rejects.toThrow("first");
  async function* two() {
    yield [1];
    throw new Error("second");
  }
  await expect(collect(flatten(two()))).rejects.toThrow("second");
});

test("leaving in the middle of a batch runs the generator's finally", async () => {
  let closed = false;
  async function* batches() {
    try {
      yield [1, 2, 3];
      yield [4];
    } finally {
      closed = true;
    }
  }
  for await (const item of flatten(batches())) if (item === 2) break;
  expect(closed).toBe(true);
});
