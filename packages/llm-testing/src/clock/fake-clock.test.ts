import { expect, it } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

it("runs due timers in order of time, then of setting, at their own time", async () => {
  const clock = createFakeClock(1_000);
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(`${name}@${clock.monotonic()}/${clock.now()}`);
  clock.setTimeout(note("late"), 20);
  clock.setTimeout(note("first"), 10);
  clock.setTimeout(note("second"), 10);
  clock.setTimeout(note("never"), 31);
  await clock.advance(30);
  expect(seen).toEqual(["first@10/1010", "second@10/1010", "late@20/1020"]);
  expect(clock.monotonic()).toBe(30);
  expect(clock.pendingTimers()).toBe(1);
});

it("runs a timer that is set by a promise during the same advance", async () => {
  const clock = createFakeClock();
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  const seen: number[] = [];
  const walk = (async () => {
    for (let step = 0; step < 5; step += 1) {
      await sleep(100);
      await Promise.resolve().then(() => Promise.resolve());
      seen.push(clock.monotonic());
    }
  })();
  await clock.advance(350);
  expect(seen).toEqual([100, 200, 300]);
  await clock.advance(150);
  await walk;
  expect(seen).toEqual([100, 200, 300, 400, 500]);
});

it("does not run a cleared timer, and accepts any handle for clearing", async () => {
  const clock = createFakeClock();
  let runs = 0;
  const handle = clock.setTimeout(() => {
    runs += 1;
  }, 5);
  clock.clearTimeout(handle);
  clock.clearTimeout(undefined);
  clock.clearTimeout("no handle of ours");
  expect(clock.pendingTimers()).toBe(0);
  await clock.advance(10);
  expect(runs).toBe(0);
});

it.each([
  [Number.NaN, 0],
  [-5, 0],
  [Number.POSITIVE_INFINITY, 1],
  [2_147_483_648, 1],
  [2_147_483_647, 2_147_483_647],
])("treats a delay of %s like the platform: %s ms", async (delayMs, expectedMs) => {
  const clock = createFakeClock();
  let firedAt = -1;
  clock.setTimeout(() => {
    firedAt = clock.monotonic();
  }, delayMs);
  await clock.advance(expectedMs);
  expect(firedAt).toBe(expectedMs);
});

it("rejects with the error of a timer", async () => {
  const clock = createFakeClock();
  clock.setTimeout(() => {
    throw new Error("from the timer");
  }, 1);
  await expect(clock.advance(1)).rejects.toThrow("from the timer");
});
