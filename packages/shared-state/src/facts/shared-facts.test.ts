import {
  type Breaker,
  type BreakerConfig,
  type Clock,
  createBreaker,
  type LinkRef,
  LLMError,
  type LLMErrorCode,
  silentLogger,
} from "@babylon/llm-core";
import { beforeEach, describe, expect, it } from "vitest";
import { createSharedState } from "../create-shared-state.ts";
import { createMemoryEngine } from "../memory/create-memory-engine.ts";
import { sharedFacts } from "./shared-facts.ts";

const CONFIG: BreakerConfig = {
  consecutiveFailures: 2,
  failureRate: 0.5,
  minimumCalls: 20,
  windowMs: 30_000,
  coolDownMs: 5_000,
  maxCoolDownMs: 10_000,
  credentialCoolDownMs: 300_000,
  maxRestMs: 900_000,
};

const LINK: LinkRef = { provider: "groq", model: "big", credential: "hash" };
const OTHER_MODEL: LinkRef = { ...LINK, model: "small" };
const OTHER_KEY: LinkRef = { ...LINK, credential: "another" };

describe("sharedFacts", () => {
  let nowMs = 0;
  /** Only this clock passes; facts arrive in the next turns. */
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, setTimeout: () => null, clearTimeout() {} };
  let here: Breaker;
  let there: Breaker;

  beforeEach(async () => {
    nowMs = 1_000_000;
    const engine = createMemoryEngine(clock, "epoch");
    let ids = 0;
    const open = async () => {
      const createId = () => `id${ids++}`;
      const state = await createSharedState({
        engine,
        prefix: "babylon",
        clock,
        createId,
        logger: silentLogger,
        silenceMs: null,
      });
      return sharedFacts(createBreaker(CONFIG, clock), state.facts, { clock, random: () => 0.5 });
    };
    here = await open();
    there = await open();
    await arrive();
  });

  const arrive = () => new Promise((resolve) => setImmediate(resolve));

  async function fail(breaker: Breaker, code: LLMErrorCode, retryAfterMs: number | null = null): Promise<void> {
    breaker.end(breaker.begin(LINK), new LLMError({ code, message: "failed", retryAfterMs }));
    await arrive();
  }

  it("rests a link for the wait that a reply to another process named, and a little longer", async () => {
    await fail(here, "rate_limit", 20_000);
    expect(there.read(LINK)).toMatchObject({ state: "resting", code: "rate_limit", untilMonoMs: nowMs + 21_000 });
    expect(here.read(LINK)).toMatchObject({ state: "resting", untilMonoMs: nowMs + 20_000 });
    expect(there.read(OTHER_MODEL).state).toBe("closed");
    expect(there.read(OTHER_KEY).state).toBe("closed");
    nowMs += 21_000;
    expect(there.read(LINK).state).toBe("closed");
  });

  it.for(["auth", "quota", "permission"] as const)("opens a key that the vendor refused with %s", async (code) => {
    await fail(here, code);
    for (const link of [LINK, OTHER_MODEL]) expect(there.read(link)).toMatchObject({ state: "open", code });
    expect(there.read(OTHER_KEY).state).toBe("closed");
    nowMs += 316_000;
    expect(there.read(LINK)).toMatchObject({ state: "half-open", probing: false });
  });

  it("opens a model that the vendor does not know", async () => {
    await fail(here, "model_not_found");
    expect(there.read(LINK)).toMatchObject({ state: "open", code: "model_not_found" });
    expect(there.read(OTHER_MODEL).state).toBe("closed");
  });

  it.for(["network", "timeout", "server", "overloaded", "invalid_response", "truncated"] as const)(
    "does not share failures with %s",
    async (code) => {
      for (let failure = 0; failure < 10; failure += 1) await fail(here, code, 60_000);
      expect(here.read(LINK).state).toBe("open");
      expect(there.read(LINK).state).toBe("closed");
    },
  );

  it("does not share a rate limit that names no wait", async () => {
    for (let failure = 0; failure < 3; failure += 1) await fail(here, "rate_limit");
    expect(here.read(LINK).state).toBe("resting");
    expect(there.read(LINK).state).toBe("closed");
  });

  it("shares that nothing is left of a vendor's limit", async () => {
    here.rest(LINK, 10_000, "no requests left");
    await arrive();
    expect(there.read(LINK)).toMatchObject({ state: "resting", untilMonoMs: nowMs + 10_500 });
  });

  it("probes once after a refused key, and closes by its success", async () => {
    await fail(here, "auth");
    nowMs += 316_000;
    const probe = there.begin(OTHER_MODEL);
    expect(there.read(LINK)).toMatchObject({ state: "half-open", probing: true });
    there.end(probe, "released");
    expect(there.read(LINK)).toMatchObject({ state: "half-open", probing: false });
    there.end(there.begin(LINK), "success");
    expect(there.read(LINK).state).toBe("closed");
    expect(there.read(OTHER_MODEL).state).toBe("closed");
  });

  it("opens by itself after a failed probe", async () => {
    await fail(here, "auth");
    nowMs += 316_000;
    await fail(there, "auth");
    expect(there.read(LINK)).toMatchObject({ state: "open", untilMonoMs: nowMs + 300_000 });
    expect(here.read(LINK)).toMatchObject({ state: "open" });
  });

  it("keeps the own state where it lasts longer", async () => {
    await fail(here, "rate_limit", 60_000);
    await fail(there, "rate_limit", 10_000);
    expect(there.read(LINK)).toMatchObject({ untilMonoMs: nowMs + 63_000 });
    await fail(there, "rate_limit", 120_000);
    expect(there.read(LINK)).toMatchObject({ untilMonoMs: nowMs + 120_000 });
  });

  it("changes its epoch when a fact arrives and when it ends", async () => {
    const before = there.epoch?.();
    await fail(here, "rate_limit", 20_000);
    const during = there.epoch?.();
    expect(during).not.toBe(before);
    expect(there.epoch?.()).toBe(during);
    nowMs += 22_000;
    expect(there.epoch?.()).not.toBe(during);
  });

  it("forgets facts about a revived provider", async () => {
    await fail(here, "auth");
    there.revive("claude");
    expect(there.read(LINK).state).toBe("open");
    there.revive("groq");
    expect(there.read(LINK).state).toBe("closed");
  });
});
