import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { openSharedState } from "@babylon/shared-state";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type BabylonLLMOptions, createBabylonLLM } from "../create-babylon-llm.ts";

let simulator: ProviderSimulator;
let folder: string;
let files = 0;
beforeAll(async () => {
  simulator = await startProviderSimulator();
  folder = await mkdtemp(join(tmpdir(), "sharing-"));
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

const newState = (): string => {
  files += 1;
  return `sqlite://${join(folder, `${files}.db`)}`;
};
const open = (options: BabylonLLMOptions) => createBabylonLLM({ env: { ...simulator.env }, ...options, settings: {} });
const answeredBy = async (llm: Awaited<ReturnType<typeof open>>) => (await llm.generateText({ prompt: "x" })).provider;

describe("processes that share a state", () => {
  it("keep a wait that a vendor asked one of them for", async () => {
    const state = newState();
    await using one = await open({ state });
    await using other = await open({ state });
    simulator.setFault("wandb", { kind: "status", status: 429, headers: { "retry-after": "60" } }, { times: 1 });
    expect(await answeredBy(one)).toBe("groq");
    await expect.poll(() => other.peekPlan().links.map(({ provider }) => provider)).not.toContain("wandb");
    expect(await answeredBy(other)).toBe("groq");
    expect(simulator.requests.filter(({ provider }) => provider === "wandb")).toHaveLength(1);
  });

  it("do not share failures, which may be those of one network", async () => {
    const state = newState();
    await using one = await open({ state, breaker: { consecutiveFailures: 1 } });
    await using other = await open({ state, breaker: { consecutiveFailures: 1 } });
    simulator.setFault("wandb", { kind: "reset", when: "before-headers" });
    expect(await answeredBy(one)).toBe("groq");
    expect(one.peekPlan().links.map(({ provider }) => provider)).not.toContain("wandb");
    expect(other.peekPlan().links[0]?.provider).toBe("wandb");
  });

  it("share concurrency limits only if asked to", async () => {
    simulator.setFault("wandb", { kind: "slow", delayMs: 100 });
    for (const [sharedConcurrency, most] of [
      [true, 2],
      [false, 4],
    ] as const) {
      const state = newState();
      const options = { state, sharedConcurrency, maxConcurrency: 2 };
      await using one = await open(options);
      await using other = await open(options);
      const calls = [one, other, one, other].map((llm) => llm.generateText({ prompt: "x", provider: "wandb" }));
      let running = 0;
      while (simulator.requests.some(({ outcome }) => outcome === "pending") || simulator.requests.length < 4) {
        running = Math.max(running, simulator.requests.filter(({ outcome }) => outcome === "pending").length);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(calls);
      expect(running).toBe(most);
      simulator.reset();
      simulator.setFault("wandb", { kind: "slow", delayMs: 100 });
    }
  });
});

it("shared concurrency needs a state", async () => {
  await expect(open({ sharedConcurrency: true })).rejects.toMatchObject({
    code: "invalid_input",
    path: "sharedConcurrency",
  });
});

it("a state of the caller's stays open", async () => {
  await using state = { ...(await openSharedState({ url: "memory://" })), [Symbol.asyncDispose]: async () => {} };
  const llm = await open({ state });
  await llm.close();
  await expect(state.hashSecret()).resolves.toEqual(expect.any(String));
  await state.close();
});
