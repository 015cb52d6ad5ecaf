import { LLMError } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { judge } from "../judge/judge.ts";
import { twoArms } from "../test-support/simulate-experiment.ts";
import { IN_CONTROL, IN_TUNED, recorded, startExperiments } from "../test-support/start-experiments.ts";

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
