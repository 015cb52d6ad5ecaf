import type { TuningEvent } from "@babylon/tuning";
import { expect, test } from "vitest";
import { createPrinter } from "../output/printer.ts";
import { printTuningEvents } from "./print-tuning-events.ts";

const EVENTS: readonly TuningEvent[] = [
  { type: "started", at: 0, steps: 4 },
  { type: "step", at: 0, step: 1, of: 4, loss: 2, timeLeftMs: null },
  { type: "step", at: 0, step: 2, of: 4, loss: 1.25, timeLeftMs: 95_000 },
  { type: "ended", at: 0 },
];

async function* failing(): AsyncGenerator<TuningEvent> {
  yield* EVENTS.slice(0, 3);
  throw new Error("cut");
}

async function printed(events: AsyncIterable<TuningEvent>, isTTY: boolean, json = false): Promise<string> {
  let out = "";
  const stdout = {
    isTTY,
    write(text: string): void {
      out += text;
    },
  };
  const host = { stdout, stderr: stdout } as unknown as Parameters<typeof createPrinter>[0];
  const print = createPrinter(host, { NO_COLOR: "1" }, []);
  await printTuningEvents(events, { json, print }).catch(() => {});
  return out;
}

async function* all(): AsyncGenerator<TuningEvent> {
  yield* EVENTS;
}

test("a file gets a line for each event", async () => {
  expect(await printed(all(), false)).toBe(
    "started, 4 steps\nstep 1 of 4, loss 2.0000\nstep 2 of 4, loss 1.2500, 1 min 35 s left\nended\n",
  );
});

test("a terminal gets one line with a bar, the loss and the time left", async () => {
  const bar = (done: number, percent: number) =>
    `\r\u001b[K[${"#".repeat(done)}${" ".repeat(24 - done)}] ${percent} %, `;
  expect(await printed(all(), true)).toBe(
    `started, 4 steps\n${bar(6, 25)}step 1 of 4, loss 2.0000${bar(12, 50)}step 2 of 4, loss 1.2500, 1 min 35 s left\nended\n`,
  );
});

test("what follows an error begins on a line of its own", async () => {
  expect(await printed(failing(), true)).toMatch(/left\n$/);
});

test("a program gets JSON, a line each", async () => {
  const lines = (await printed(all(), true, true)).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(EVENTS);
});
