import type { Attempt } from "@babylon/llm-core";
import { expect, test } from "vitest";
import type { LostCall, TickEvent } from "../tick/tick-event.ts";
import { advance, barLine, finishedLine, type TickState } from "./stage-state.ts";

const lost: LostCall = {
  callId: "c",
  stage: "posts",
  what: "post by Pip",
  code: "all_failed",
  message: "no luck",
  attempts: [],
};

const begun = (events: readonly TickEvent[]): TickState =>
  events.reduce(advance, advance([], { type: "stage-started", stage: "posts", calls: 4, what: "4 posts" }));

const only = (state: TickState) => {
  const [one] = state;
  if (one === undefined) throw new Error("no stage");
  return one;
};

test("calls are counted by provider, failed ones separately", () => {
  const state = begun([
    { type: "call-served", stage: "posts", callId: "1", provider: "wandb" },
    { type: "call-served", stage: "posts", callId: "2", provider: "groq" },
    { type: "call-served", stage: "posts", callId: "3", provider: "wandb" },
    { type: "call-lost", stage: "posts", lost },
  ]);
  expect(state).toEqual([
    { stage: "posts", what: "4 posts", calls: 4, lost: 1, served: { wandb: 2, groq: 1 }, durationMs: null },
  ]);
  expect(barLine(only(state), 1_234)).toBe("posts      ████████████████████    4/4    1.2 s  wandb 2, groq 1, LOST 1");
});

test("ignores events of other stages and of attempts", () => {
  const state = begun([]);
  const attempt: Omit<Attempt, "outcome"> = {
    number: 1,
    kind: "first",
    transport: "stream",
    endpoint: null,
    sent: true,
    outputChars: 0,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
    provider: "x",
    model: "y",
    startedAt: 0,
    durationMs: 1,
    firstTokenMs: null,
    requestId: null,
  };
  for (const event of [
    { type: "settings", wandbModel: null, version: null },
    { type: "call-served", stage: "agents", callId: "1", provider: "wandb" },
    { type: "attempt", stage: "posts", callId: "1", attempt: { ...attempt, outcome: "success" } },
  ] as const) {
    expect(advance(state, event)).toEqual(state);
  }
});

test("stages are listed in the order of a tick, whatever their order of start", () => {
  const state = begun([
    { type: "stage-started", stage: "agents", calls: 0, what: "none" },
    { type: "stage-started", stage: "decisions", calls: 1, what: "all" },
  ]);
  expect(state.map((one) => one.stage)).toEqual(["posts", "decisions", "agents"]);
});

test.each([
  [0, "posts      ░░░░░░░░░░░░░░░░░░░░    0/4     0 ms"],
  [1, "posts      █████░░░░░░░░░░░░░░░    1/4     0 ms  wandb 1"],
  [2, "posts      ██████████░░░░░░░░░░    2/4     0 ms  wandb 2"],
])("the progress bar after %d of 4 calls", (served, line) => {
  const events = Array.from({ length: served }, (_, index): TickEvent => {
    return { type: "call-served", stage: "posts", callId: String(index), provider: "wandb" };
  });
  expect(barLine(only(begun(events)), 0)).toBe(line);
});

test("a stage without calls is complete", () => {
  const state = advance([], { type: "stage-started", stage: "agents", calls: 0, what: "none" });
  expect(barLine(only(state), 0)).toContain("████████████████████    0/0");
});

test("the line of a finished stage does not count failed calls as served", () => {
  const state = begun([
    { type: "call-served", stage: "posts", callId: "1", provider: "wandb" },
    { type: "call-lost", stage: "posts", lost },
    { type: "stage-finished", stage: "posts", durationMs: 61_000 },
  ]);
  expect(finishedLine(only(state))).toBe("posts: 1 of 4 calls served in 1 min 01 s, wandb 1, LOST 1");
});
