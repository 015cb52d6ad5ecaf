import { createBreaker, createLLMClient, LLMError, type LLMErrorCode } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { afterEach, describe, expect, it } from "vitest";
import type { SharedState } from "../contract/shared-state.ts";
import { memoryTestEngine } from "../test-support/memory-test-engine.ts";
import type { TestPlace } from "../test-support/test-place.ts";
import { waitUntil } from "../test-support/wait-until.ts";
import { sharedFacts } from "./shared-facts.ts";

describe("clients of two processes", () => {
  let place: TestPlace | undefined;
  afterEach(() => place?.close());

  async function createClient(state: SharedState, firstFails: { code: LLMErrorCode; retryAfterMs?: number } | null) {
    const error = () => new LLMError({ message: "failed", ...(firstFails ?? { code: "server" }) });
    const first = mockProvider({ id: "first", ...(firstFails === null ? {} : { steps: [{ error }] }) });
    const second = mockProvider({ id: "second" });
    const breaker = sharedFacts(createBreaker(), state.facts);
    const env = { FIRST_API_KEY: "k1", SECOND_API_KEY: "k2", BABYLON_HASH_SECRET: "the same in all processes" };
    return { first, breaker, llm: createLLMClient({ providers: [first, second], breaker, env, slots: state.slots }) };
  }

  it("do not send to a key while the vendor asked another process to wait", async () => {
    place = await memoryTestEngine.create();
    const here = await createClient(await place.open(), { code: "rate_limit", retryAfterMs: 60_000 });
    const there = await createClient(await place.open(), null);
    expect((await there.llm.generateText({ prompt: "hi" })).provider).toBe("first");
    expect((await here.llm.generateText({ prompt: "hi" })).provider).toBe("second");
    await waitUntil("the fact arrived", async () => {
      const plan = await there.llm.plan();
      return plan.links[0]?.provider === "second";
    });
    for (let call = 0; call < 20; call += 1) {
      expect((await there.llm.generateText({ prompt: "hi" })).provider).toBe("second");
    }
    expect(there.first.calls).toHaveLength(1);
  });

  it("keep their links while another process has a broken network", async () => {
    place = await memoryTestEngine.create();
    const here = await createClient(await place.open(), { code: "network" });
    const there = await createClient(await place.open(), null);
    for (let call = 0; call < 20; call += 1) await here.llm.generateText({ prompt: "hi" });
    expect((await here.llm.plan()).links[0]?.provider).toBe("second");
    expect((await there.llm.generateText({ prompt: "hi" })).provider).toBe("first");
  });
});
