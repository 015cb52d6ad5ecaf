import { type GenerateTextOptions, LLMError, UNKNOWN_USAGE } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { describe, expect, test } from "vitest";
import { judge } from "../judge/judge.ts";
import { twoArms } from "../test-support/simulate-experiment.ts";
import { IN_CONTROL, IN_TUNED, recorded, startExperiments } from "../test-support/start-experiments.ts";
import type { JudgingLedger, JudgingLimits } from "./judging-limits.ts";

const arms = [...twoArms().arms, { id: "next", weight: 10_000, shadow: true, provider: "dark", model: "acme/next" }];

describe("a shadow arm", () => {
  test("gets copies that nobody sees, which are recorded as such and compared by the judge", async () => {
    const { llm, experiments, providers, settings } = await startExperiments({
      experiment: { arms },
      steps: { dark: [{ text: "a better answer" }] },
      judging: { maxConcurrent: 10 },
      withClient: () => ({
        metrics: {
          quality: judge(
            {
              generateText: async ({ prompt = "" }) =>
                answerOf(prompt.indexOf("a better answer") < prompt.indexOf("<<<ANSWER 2>>>") ? "1" : "2"),
            },
            "Prefer what is better.",
          ),
        },
      }),
    });
    const { text, provider } = await llm.generateText({ prompt: "Name a ship.", agent: IN_CONTROL, temperature: 0.3 });
    expect([text, provider]).toEqual(["answer 1 of a", "a"]);
    await experiments.flush();
    await recorded();
    expect(providers.dark.calls).toHaveLength(1);
    expect(providers.dark.calls[0]?.request).toMatchObject({
      model: "acme/next",
      temperature: 0.3,
      messages: [{ role: "user", content: "Name a ship." }],
    });
    const report = await experiments.report("npc-model");
    expect(report.shadows).toMatchObject([
      { arm: "next", calls: 1, preferred: { quality: { pairs: 1, share: 1, interval: null } } },
    ]);
    expect(report.arms.map(({ id }) => id)).toEqual(["control", "tuned"]);
    expect([report.calls, report.units]).toEqual([1, 1]);
    expect((await settings.get()).version).toBe(1);
  });

  test("costs calls nothing when it fails, and is not asked beyond its limits", async () => {
    const { llm, experiments, providers } = await startExperiments({
      experiment: { arms },
      steps: { dark: [{ error: () => new LLMError({ code: "server", message: "down", status: 503 }) }] },
      judging: { maxCallsPerHour: 2 },
    });
    for (let call = 0; call < 6; call += 1) {
      await llm.generateText({ prompt: "x", agent: IN_TUNED });
      await experiments.flush();
      await recorded();
    }
    expect(providers.dark.calls.length).toBeLessThanOrEqual(2);
    expect(providers.dark.calls.length).toBeGreaterThan(0);
    expect((await experiments.report("npc-model")).shadows).toMatchObject([{ arm: "next", preferred: {} }]);
  });

  const ofOutput = (outputTokens: number) => ({ usage: { ...UNKNOWN_USAGE, outputTokens } });
  test.each<[string, number, Partial<GenerateTextOptions>, JudgingLimits, number]>([
    ["the original's, where it has one", 9_000, { maxOutputTokens: 7_000 }, {}, 7_000],
    ["4,096 for short answers", 5, {}, {}, 4_096],
    ["twice a long answer", 3_000, {}, {}, 6_000],
    ["that of the options", 3_000, {}, { maxOutputTokens: 500 }, 500],
  ])(
    "has a limit of output tokens, and so of what is reserved for it: %s",
    async (_, tokens, options, judging, limit) => {
      const asked: (number | null)[] = [];
      const { llm, experiments } = await startExperiments({
        experiment: { arms },
        steps: { a: () => ofOutput(tokens) },
        judging,
        gates: [
          {
            admit({ purpose, maxOutputTokens }) {
              if (purpose === "experiment-shadow") asked.push(maxOutputTokens);
              return { settle: () => {} };
            },
          },
        ],
      });
      await llm.generateText({ prompt: "x", agent: IN_CONTROL, ...options });
      await experiments.flush();
      expect(asked).toEqual([limit]);
    },
  );

  test.each<[string, Partial<GenerateTextOptions>, number]>([
    ["that only its own limit has cut off is not compared", {}, 0],
    ["that the original's limit has cut off is", { maxOutputTokens: 20 }, 1],
  ])("a copy %s", async (_, options, pairs) => {
    const client = { generateText: async () => answerOf("0") };
    const { llm, experiments } = await startExperiments({
      experiment: { arms },
      steps: { dark: [{ text: "cut", finishReason: "length" }] },
      judging: { maxConcurrent: 10 },
      withClient: () => ({ metrics: { quality: judge(client, "Prefer what is better.") } }),
    });
    await llm.generateText({ prompt: "x", agent: IN_CONTROL, ...options });
    await experiments.flush();
    await recorded();
    const [shadow] = (await experiments.report("npc-model")).shadows;
    expect([shadow?.calls, shadow?.preferred.quality?.pairs ?? 0]).toEqual([1, pairs]);
  });

  test("stops when the money of the day is spent", async () => {
    const { llm, experiments, providers } = await startExperiments({
      experiment: { arms },
      // A call costs 0.001 US dollars.
      judging: { maxUsdPerDay: 0.0025, maxConcurrent: 1 },
    });
    for (let call = 0; call < 8; call += 1) {
      await llm.generateText({ prompt: "x", agent: IN_CONTROL });
      await experiments.flush();
      await recorded();
    }
    expect(providers.dark.calls).toHaveLength(3);
  });

  test("gets no copies of calls with tools or outside the experiment", async () => {
    const { llm, experiments, providers } = await startExperiments({ experiment: { arms } });
    await llm.generateText({ prompt: "x", agent: IN_CONTROL, provider: "a" });
    await llm.generateText({ prompt: "x" });
    await experiments.flush();
    expect(providers.dark.calls).toHaveLength(0);
  });
});

describe("with a ledger that processes share", () => {
  const HOUR_MS = 3_600_000;

  /** A ledger that has so much left. */
  function ledgerWith(left: number) {
    const asks: { readonly amount: number; readonly keys: readonly string[] }[] = [];
    const settled: unknown[] = [];
    const ledger: JudgingLedger = {
      async reserve({ amount, scopes }) {
        asks.push({ amount, keys: scopes(5 * HOUR_MS + 7).map(({ key }) => key) });
        if (amount > left) return { ok: false, retryAfterMs: 1_000 };
        left -= amount;
        return { ok: true };
      },
      settle: async (_, result) => void settled.push(result),
    };
    return { ledger, asks, settled };
  }

  async function play(ledger: JudgingLedger, calls: number) {
    const started = await startExperiments({ experiment: { arms }, judging: { ledger, maxConcurrent: 1 } });
    for (let call = 0; call < calls; call += 1) {
      await started.llm.generateText({ prompt: "x", agent: IN_CONTROL });
      await started.experiments.flush();
      await recorded();
    }
    return started;
  }

  test("copies are made as long as it grants them, and it is not asked for each call when nothing is left", async () => {
    const { ledger, asks, settled } = ledgerWith(2);
    const { providers, clock, llm, experiments } = await play(ledger, 6);
    expect(providers.dark.calls).toHaveLength(2);
    const ask = { amount: 1, keys: ["experiments/judging/calls/18000000"] };
    expect(asks).toEqual([ask, ask, ask]);
    expect(settled).toEqual([
      { spent: 1, presumed: 0 },
      { spent: 1, presumed: 0 },
    ]);
    await clock.advance(1_000);
    await llm.generateText({ prompt: "x", agent: IN_CONTROL });
    await experiments.flush();
    expect([asks.length, providers.dark.calls.length]).toEqual([4, 2]);
  });

  test("nothing is copied while it is away, and calls go on", async () => {
    const away = () => Promise.reject(new StorageError({ message: "away", applied: "unknown" }));
    const { providers, logged } = await play({ reserve: away, settle: away }, 3);
    expect([providers.a.calls.length, providers.dark.calls.length]).toEqual([3, 0]);
    expect(logged).toContain("shadow calls and judges are left out: the shared ledger is away");
  });
});

test("a copy that a budget refuses leaves no row, because nothing was asked", async () => {
  const { experiments, llm, providers } = await startExperiments({
    experiment: { arms },
    gates: [
      {
        admit: ({ purpose }) =>
          purpose === "experiment-shadow" ? { why: "no money", retryAfterMs: null } : { settle: () => {} },
      },
    ],
  });
  await llm.generateText({ prompt: "x", agent: IN_CONTROL });
  await experiments.flush();
  await recorded();
  expect(providers.dark.calls).toHaveLength(0);
  expect((await experiments.report("npc-model")).shadows).toEqual([]);
});

describe("a shadow arm that does not answer", () => {
  test("delays no call, also while its copies are running and their number is at its limit", async () => {
    const { llm, experiments, providers, clock } = await startExperiments({
      experiment: { arms },
      // Never answers by itself: the clock of the test stands still.
      steps: { dark: () => ({ delayMs: 3_600_000, text: "late" }) },
      judging: { maxConcurrent: 2 },
    });
    const begun = clock.now();
    for (let call = 0; call < 5; call += 1) {
      const { text } = await llm.generateText({ prompt: "x", agent: IN_CONTROL });
      expect(text).toBe(`answer ${call + 1} of a`);
    }
    const parts: unknown[] = [];
    for await (const part of llm.streamText({ prompt: "x", agent: IN_CONTROL })) parts.push(part);
    expect(JSON.stringify(parts)).toContain("answer 6 of a");
    await recorded();
    // All six were answered although no time has passed for the copies.
    expect([clock.now(), providers.a.calls.length]).toEqual([begun, 6]);
    expect(providers.dark.calls.length).toBeLessThanOrEqual(2);
    expect(providers.dark.calls.length).toBeGreaterThan(0);
    await clock.advance(120_000);
    await experiments.flush();
    const { shadows, calls } = await experiments.report("npc-model");
    expect(calls).toBe(6);
    expect(shadows).toMatchObject([{ arm: "next", metrics: { failure: { mean: 1 } }, preferred: {} }]);
  });
});

const answerOf = async (verdict: string) => ({ text: `VERDICT: ${verdict}` }) as never;

test("the metric of a judge is given by it, and its calls are in no experiment", async () => {
  const { llm, experiments, providers } = await startExperiments({
    experiment: { metric: "quality" },
    judging: { maxConcurrent: 10 },
    steps: { dark: [{ text: "Short and right.\nVERDICT: 1" }] },
    withClient: (client) => ({ metrics: { quality: judge(client, { rubric: "Be short.", provider: "dark" }) } }),
  });
  await llm.generateText({ prompt: "x", agent: IN_CONTROL });
  await experiments.flush();
  expect(providers.dark.calls).toHaveLength(2);
  // The same verdict for both orders contradicts itself.
  expect(await experiments.report("npc-model")).toMatchObject({ calls: 1, arms: [{ id: "control", mean: 0.5 }, {}] });
});
