import { createFakeClock } from "@babylon/llm-testing";
import { expect, it } from "vitest";
import type { Clock } from "../contract/clock.ts";
import { createStartPacer } from "./start-pacer.ts";

/** A clock that advances with work, in addition to the time that the test advances. */
function workingClock(onTimer: () => void = () => {}) {
  const fake = createFakeClock();
  let workedMs = 0;
  const clock: Clock = {
    ...fake,
    monotonic: () => fake.monotonic() + workedMs,
    setTimeout(callback, delayMs) {
      onTimer();
      return fake.setTimeout(callback, delayMs);
    },
  };
  const work = (ms: number): void => {
    workedMs += ms;
  };
  return { clock, work, advance: (ms: number) => fake.advance(ms) };
}

it("starts any number of attempts at once while there are pauses between them", () => {
  const { clock, work } = workingClock();
  const pace = createStartPacer(clock);
  for (let each = 0; each < 1_000; each += 1) {
    expect(pace.turn()).toBeNull();
    work(6);
  }
});

it("starts attempts that would block the event loop in slices, in order, each once", async () => {
  const begun: number[] = [];
  const turns: number[] = [];
  const { clock, work, advance } = workingClock(() => turns.push(begun.length));
  const pace = createStartPacer(clock);
  for (let each = 0; each < 500; each += 1) {
    const turn = pace.turn();
    const begin = () => {
      begun.push(each);
      work(1);
    };
    if (turn === null) begin();
    else turn.then(begin);
  }
  expect(begun.length).toBe(25);
  await advance(1);
  expect(begun).toEqual(Array.from({ length: 500 }, (_, each) => each));
  expect(turns.length).toBeGreaterThan(15);
  expect(Math.max(...turns.map((at, turn) => at - (turns[turn - 1] ?? 0)))).toBeLessThan(30);
  // Then the queue is empty.
  work(6);
  expect(pace.turn()).toBeNull();
});

it("starts overdue attempts in longer slices, and never blocks the event loop", async () => {
  const begun: number[] = [];
  const turns: number[] = [];
  const { clock, work, advance } = workingClock(() => turns.push(begun.length));
  const pacer = createStartPacer(clock);
  for (let each = 0; each < 5_000; each += 1) {
    const begin = () => {
      begun.push(each);
      work(1);
    };
    const turn = pacer.turn();
    if (turn === null) begin();
    else turn.then(begin);
  }
  await advance(1);
  expect(begun).toHaveLength(5_000);
  const slices = turns.map((at, turn) => at - (turns[turn - 1] ?? 0));
  expect(Math.max(...slices)).toBeLessThanOrEqual(42);
  expect(slices.filter((slice) => slice > 30).length).toBeGreaterThan(50);
});
