import { expect, test } from "vitest";
import { mapConcurrently } from "./map-concurrently.ts";

test("runs at most the limit at once, each entry once, with outcomes in order", async () => {
  let running = 0;
  let most = 0;
  const doubled = await mapConcurrently([...Array(20).keys()], 8, async (entry, index) => {
    expect(entry).toBe(index);
    running += 1;
    most = Math.max(most, running);
    for (let turns = entry % 5; turns >= 0; turns -= 1) await Promise.resolve();
    running -= 1;
    return entry * 2;
  });
  expect(most).toBe(8);
  expect(doubled).toEqual([...Array(20).keys()].map((entry) => entry * 2));
});

test("a failure does not stop the others", async () => {
  const done: number[] = [];
  const run = mapConcurrently([1, 2, 3, 4], 2, async (entry) => {
    if (entry === 1) throw new Error("one");
    done.push(entry);
  });
  await expect(run).rejects.toThrow("one");
  expect(done).toEqual([2, 3, 4]);
});

test("an empty list resolves at once", async () => {
  expect(await mapConcurrently([], 8, async () => 1)).toEqual([]);
});
