import { createExperiments, type ExperimentReport, openExperimentRows } from "@babylon/experiments";
import { createLLMClient, LLMError } from "@babylon/llm-core";
import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CanaryOptions, findCanary, startCanary } from "./canary.ts";
import type { CandidateModel } from "./create-rollouts.ts";

const candidate: CandidateModel = {
  name: "npc",
  provider: "wandb",
  model: "wandb-artifact:///team/games/npc-1:step40",
  baseModel: "meta-llama/Llama-3.1-8B-Instruct",
  datasetSha256: "a".repeat(64),
};

/** A chain of two providers; the tuned model may be lost after its warm-up. */
async function start(options: Partial<CanaryOptions> = {}) {
  const clock = createFakeClock();
  const rows = await openExperimentRows({ url: "memory://", clock });
  const settings = await createSettingsStore({ url: "memory://", env: {}, clock });
  const experiments = createExperiments({ rows, settings, clock, guardEveryMs: null, random: () => 0.5 });
  let isLost = false;
  const lost = () => new LLMError({ code: "model_not_found", message: "The requested resource was not found" });
  let [isSlow, answers] = [false, 0];
  // Every fourth answer of the tuned model takes long then.
  const tunedMs = (): number => (isSlow ? (answers++ % 4 === 0 ? 900 : 80) : 0);
  const wandb = mockProvider({
    id: "wandb",
    steps: () => (isLost ? { error: lost } : { text: "tuned", delayMs: tunedMs() }),
  });
  const groq = mockProvider({ id: "groq", steps: () => ({ text: "base", delayMs: isSlow ? 100 : 0 }) });
  const llm = createLLMClient({
    providers: [groq, wandb],
    settings,
    clock,
    router: experiments.router,
    recorders: [experiments.recorder],
    retry: { maxRetries: 0 },
  });
  const canary = await startCanary({ settings, experiments, llm, clock }, candidate, {
    weight: 0.5,
    plannedUnits: 200,
    force: "a test",
    ...options,
  });
  onTestFinished(async () => {
    canary.close();
    await llm.close();
    await experiments.close();
    await settings.close();
    await rows.close();
  });
  const state = async () => (await settings.get()).value.experiments?.["canary-npc"];
  return {
    canary,
    clock,
    llm,
    settings,
    experiments,
    state,
    lose: () => {
      isLost = true;
    },
    /** Calls of so many units, 20 at a time, of which some are slow. */
    async callSlowly(units: number): Promise<void> {
      isSlow = true;
      for (let from = 0; from < units; from += 20) {
        const calls = Array.from({ length: 20 }, (_, index) =>
          llm.generateText({ prompt: "x", agent: `npc-${from + index}` }),
        );
        await clock.advance(1_000);
        await Promise.all(calls);
      }
      await experiments.flush();
    },
    async call(units: number): Promise<readonly string[]> {
      const texts: string[] = [];
      for (let unit = 0; unit < units; unit += 1) {
        texts.push((await llm.generateText({ prompt: "x", agent: `npc-${unit}` })).text);
      }
      await experiments.flush();
      return texts;
    },
  };
}

describe("a canary", () => {
  test("goes on until it has its units, and has passed then", async () => {
    const { canary, call, state } = await start({ weight: 0.5 });
    await call(60);
    expect([await canary.check(), (await state())?.state]).toEqual([null, "running"]);
    const texts = await call(200);
    expect(texts.filter((text) => text === "tuned").length).toBeGreaterThan(70);
    expect(await canary.check()).toMatchObject({ outcome: "passed" });
    expect(await state()).toMatchObject({ state: "stopped", winner: "tuned" });
    await canary.ended;
  });

  test("whose model is lost ends itself, and no call is lost", async () => {
    const { canary, call, lose, clock, state, llm } = await start();
    lose();
    const texts = await call(160);
    expect(texts).toEqual(texts.map(() => "base"));
    await clock.advance(60_000);
    expect(await canary.ended).toMatchObject({ outcome: "harmful", why: expect.stringContaining("fallback") });
    expect(await state()).toMatchObject({ state: "stopped" });
    expect((await state())?.winner).toBeUndefined();
    expect((await llm.plan({ agent: "npc-1" })).links[0]?.provider).toBe("groq");
  });

  test("whose slowest calls are much slower ends itself", async () => {
    // Most of its calls are faster than those of the control.
    const { canary, callSlowly, state } = await start({ plannedUnits: 2_000 });
    await callSlowly(400);
    expect(await canary.check()).toMatchObject({
      outcome: "harmful",
      why: expect.stringMatching(/guardrail latencyMs \(share of calls above 1\.5 times the control's p95/),
    });
    expect(await state()).toMatchObject({
      state: "stopped",
      guardrails: [
        { metric: "failure", worseBy: 0.02 },
        { metric: "fallback", worseBy: 0.05 },
        { metric: "latencyMs", quantile: 0.95, times: 1.5, worseBy: 0 },
      ],
    });
  });

  test("that another process has started is watched to its end, and each look is reported", async () => {
    const { settings, experiments, clock, call } = await start({ plannedUnits: 150 });
    const looks: number[] = [];
    const watching = { checkEveryMs: 10_000, onLook: ({ units }: ExperimentReport) => void looks.push(units) };
    const parts = { settings, experiments, clock };
    expect(await findCanary(parts, { name: "npc", model: "wandb-artifact:///team/games/npc-1:step41" })).toBeNull();
    const found = await findCanary(parts, candidate, watching);
    const controller = new AbortController();
    const stopped = expect(found?.result({ abortSignal: controller.signal })).rejects.toThrow("enough");
    await clock.advance(10_000);
    controller.abort(new Error("enough"));
    await stopped;
    const result = (await findCanary(parts, candidate, watching))?.result();
    await call(200);
    await clock.advance(10_000);
    expect(await result).toMatchObject({ outcome: "passed" });
    expect([looks[0], looks.at(-1)]).toEqual([0, 200]);
    expect(await findCanary(parts, candidate)).toBeNull();
  });

  test("that somebody stops is over", async () => {
    const { canary, settings } = await start();
    await settings.update({ experiments: { "canary-npc": { state: "stopped" } } });
    expect(await canary.check()).toMatchObject({ outcome: "stopped" });
    await canary.ended;
  });

  test.each([
    ["weight", { weight: 0.9 }],
    ["plannedUnits", { plannedUnits: 0 }],
  ])("with a wrong option is refused: %s", async (path, options) => {
    await expect(start(options)).rejects.toMatchObject({ code: "invalid_input", path });
  });

  test("without an evaluation needs a reason", async () => {
    await expect(start({ force: undefined })).rejects.toMatchObject({ code: "not_better" });
  });
});
