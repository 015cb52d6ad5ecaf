import { expect, test } from "vitest";
import { describeExcluded, describeShadow } from "./describe-experiment.ts";

test.each([
  [{}, null],
  [{ pinned: 1 }, "Not in the experiment: 1 call pinned to a provider."],
  [
    { pinned: 1_200, "call-models": 2, "agent-setting": 3 },
    "Not in the experiment: 1,200 calls pinned to a provider, 2 calls with a model of their own, 3 calls of agents with settings of their own.",
  ],
])("the excluded calls %j in words", (excluded, text) => {
  expect(describeExcluded(excluded)).toBe(text);
});

test("a shadow in words, with and without a judge", () => {
  const shadow = { arm: "next", calls: 1_200, metrics: {}, preferred: {} };
  expect(describeShadow(shadow)).toBe("Shadow next: 1,200 copies.");
  const preferred = { quality: { pairs: 40, share: 0.625, interval: [0.4, 0.85] as const } };
  expect(describeShadow({ ...shadow, preferred })).toBe(
    "Shadow next: 1,200 copies; quality: better in 62.5% of 40 pairs (0.4 to 0.85).",
  );
});
