import type { Attempt } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { followAttempts } from "./follow-attempts.ts";

const attempt = (number: number, from: number, to: number, outcome: Attempt["outcome"] = "failed"): Attempt => ({
  number,
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
  provider: "wandb",
  model: "m",
  startedAt: from,
  durationMs: to - from,
  firstTokenMs: null,
  outcome,
  requestId: null,
});

const numbers = (...attempts: Attempt[]) =>
  followAttempts(attempts).map(({ failed, next }) => `${failed.number}>${next.number}`);

test.each<[string, Attempt[], string[]]>([
  ["a call that succeeded at once", [attempt(1, 0, 5, "success")], []],
  ["in sequence", [attempt(1, 0, 5), attempt(2, 500, 505), attempt(3, 1000, 1009, "success")], ["1>2", "2>3"]],
  ["a clock that is slightly off", [attempt(1, 0, 5.8), attempt(2, 5, 9, "success")], ["1>2"]],
  ["two parallel attempts that succeed", [attempt(1, 0, 50, "success"), attempt(2, 1, 40, "success")], []],
  [
    "a parallel attempt that fails and one that does not",
    [attempt(1, 0, 900, "success"), attempt(2, 1, 5), attempt(3, 9, 20, "success")],
    ["2>3"],
  ],
  ["an attempt that began before the end of the failed one", [attempt(1, 0, 50), attempt(2, 10, 20, "success")], []],
  ["a failure without a following attempt", [attempt(1, 0, 5, "success"), attempt(2, 6, 9)], []],
  [
    "two parallel attempts that fail",
    [attempt(1, 0, 5), attempt(2, 0, 6), attempt(3, 7, 9, "success"), attempt(4, 8, 9, "success")],
    ["2>3", "1>4"],
  ],
])("%s", (_, attempts, expected) => {
  expect(numbers(...attempts)).toEqual(expected);
});
