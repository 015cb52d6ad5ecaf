import { createLLMClient, LLMError, systemClock } from "@babylon/llm-core";
import { fixedPricer, mockProvider } from "@babylon/llm-testing";
import { describe, expect, test } from "vitest";
import type { ChatExample } from "../dataset/chat-example.ts";
import type { TuningClient } from "../rollout/warm-up.ts";
import { evaluate } from "./evaluate.ts";
import { exact } from "./exact.ts";
import { jsonShape } from "./json-shape.ts";
import { LEAST_PAIRS, pairedFigure } from "./paired-figure.ts";
import { preferred } from "./preferred.ts";
import type { Scorer } from "./scorer.ts";

const examples = (count: number) => ({
  async *examples(): AsyncGenerator<ChatExample> {
    for (let index = 0; index < count; index += 1) {
      yield {
        messages: [
          { role: "user", content: `question ${index}` },
          { role: "assistant", content: `{"answer":${index}}` },
        ],
      };
    }
  },
});

const candidate = { provider: "wandb", model: "wandb-artifact:///t/p/n:step4" };
const questionOf = (prompt: string): number => Number(/question (\d+)/.exec(prompt)?.[1] ?? -1);

/** The tuned model is right in a share of cases, the chain in another one. */
function client(tunedRight: number, chainRight: number): TuningClient {
  const answering = (id: string, right: number) =>
    mockProvider({
      id,
      steps: (call) => {
        const index = questionOf(JSON.stringify(call.request.messages));
        return { text: index % 10 < right * 10 ? `{"answer":${index}}` : "no idea" };
      },
    });
  return createLLMClient({
    providers: [answering("groq", chainRight), answering("wandb", tunedRight)],
    pricer: fixedPricer(1_000),
  });
}

const run = (llm: TuningClient, scorers: readonly Scorer[], count = 60) =>
  evaluate(llm, systemClock, { candidate, test: examples(count), scorers });

describe("a verdict is", () => {
  test.each([
    ["better", 0.9, 0.4, 60],
    ["worse", 0.4, 0.9, 60],
    ["undecided", 0.9, 0.9, 60],
    ["undecided", 1, 0, LEAST_PAIRS - 1],
  ] as const)("%s, with %d of the candidate and %d of the chain right, of %i", async (verdict, tuned, chain, count) => {
    const report = await run(client(tuned, chain), [exact()], count);
    expect([report.verdict, report.pairs, report.scores.exact?.pairs]).toEqual([verdict, count, count]);
    if (count === 60) expect(report.scores.exact?.candidate).toBeCloseTo(tuned);
    expect(report.failures).toEqual({ candidate: 0, baseline: 0 });
    expect(report.latencyMs.pairs).toBe(count);
  });
});

test("a scorer after the first one can only spoil it", async () => {
  const shape = jsonShape((value) => typeof value === "object");
  const report = await run(client(0.9, 0.4), [
    exact(),
    { ...shape, score: async () => ({ candidate: 0, baseline: 1 }) },
  ]);
  expect([report.verdict, report.why]).toEqual(["worse", expect.stringContaining("jsonShape")]);
});

test("the shape of JSON is checked by a schema", async () => {
  const schema = {
    "~standard": { validate: (value: unknown) => (typeof value === "object" ? { value } : { issues: [] }) },
  };
  const report = await run(client(0.9, 0.5), [jsonShape(schema)]);
  expect(report.scores.jsonShape).toMatchObject({ candidate: expect.closeTo(0.9), baseline: expect.closeTo(0.5) });
});

test("a failed call has 0, and is counted", async () => {
  const failing = mockProvider({
    id: "wandb",
    steps: (call) => {
      const index = questionOf(JSON.stringify(call.request.messages));
      const error = () => new LLMError({ code: "server", message: "no" });
      return index % 2 === 0 ? { error } : { text: `{"answer":${index}}` };
    },
  });
  const chain = mockProvider({ id: "groq", steps: [{ text: "no idea" }] });
  const report = await run(createLLMClient({ providers: [chain, failing], retry: { maxRetries: 0 } }), [exact()]);
  expect([report.failures, report.scores.exact?.candidate]).toEqual([{ candidate: 30, baseline: 0 }, 0.5]);
});

describe("a judge is asked in both orders:", () => {
  const judging = (choose: (prompt: string) => string): TuningClient => {
    const steps = (call: { readonly request: { readonly messages: unknown } }) => ({
      text: `VERDICT: ${choose(JSON.stringify(call.request.messages))}`,
    });
    return createLLMClient({ providers: [mockProvider({ id: "j", steps })] });
  };

  test.each([
    ["one that only likes the first place decides nothing", () => "1", 0.5],
    [
      "one that sees the right answer finds it in both places",
      (prompt: string) => (/ANSWER 1>>>\\n\{/.test(prompt) ? "1" : "2"),
      1,
    ],
  ] as const)("%s", async (_, choose, share) => {
    const report = await run(client(1, 0), [preferred(judging(choose), { rubric: "Right." })], 30);
    expect(report.scores.preferred).toMatchObject({ candidate: share, baseline: 1 - share, pairs: 30 });
  });
});

test("a candidate that does not answer at all is not evaluated", async () => {
  const llm: TuningClient = { generateText: () => Promise.reject(new Error("not found")) };
  await expect(run(llm, [exact()])).rejects.toMatchObject({ code: "not_servable" });
});

describe("a paired interval", () => {
  test("contains the truth in 95 of 100 samples, also near the ends", () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32;
    };
    for (const [own, other] of [
      [0.5, 0.5],
      [0.95, 0.9],
      [0.7, 0.5],
    ] as const) {
      let inside = 0;
      for (let sample = 0; sample < 1_000; sample += 1) {
        const pairs = Array.from({ length: 60 }, () => [random() < own ? 1 : 0, random() < other ? 1 : 0] as const);
        const [low, high] = pairedFigure(pairs, "score").interval ?? [0, 0];
        if (low <= own - other && own - other <= high) inside += 1;
      }
      expect(inside / 1_000).toBeGreaterThan(0.925);
    }
  });

  test("of equal scores is not empty, and unknown values are left out", () => {
    const equal = pairedFigure(
      Array.from({ length: 30 }, () => [1, 1] as const),
      "score",
    );
    expect([equal.difference, equal.interval?.[0]]).toEqual([0, expect.closeTo(-0.0612, 3)]);
    expect(
      pairedFigure(
        [
          [null, 1],
          [1, 0],
        ],
        "score",
      ),
    ).toMatchObject({ pairs: 1, interval: null });
  });
});
