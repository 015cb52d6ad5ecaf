import { createFakeClock, type MockStep, memorySlots, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { SharedSlots } from "../contract/shared-slots.ts";
import { createLLMClient } from "../create-llm-client.ts";
import { testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const slow: MockStep = { delayMs: 100 };

describe("a limit shared by processes", () => {
  it("is never exceeded; every call is served and every lease released", async () => {
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    const provider = mockProvider({ id: "a", steps: [slow] });
    const processes = [1, 2, 3].map(() =>
      createLLMClient({ providers: [provider], env: {}, clock, slots, maxConcurrency: 4 }),
    );
    let most = 0;
    const calls = processes.flatMap((llm) => Array.from({ length: 20 }, () => llm.generateText(ask)));
    const done = Promise.all(calls);
    for (let step = 0; step < 200; step += 1) {
      await clock.advance(10);
      most = Math.max(most, provider.active);
    }
    expect(await done).toHaveLength(60);
    expect([most, slots.most, slots.held(), clock.pendingTimers()]).toEqual([4, 4, 0, 0]);
    expect([...slots.keys]).toEqual(["a:"]);
  });

  it("keeps the priorities of the process: a lease goes to the head of the queue at its arrival", async () => {
    const order: string[] = [];
    const steps = ({ request }: { request: { messages: readonly { content: unknown }[] } }): MockStep => {
      order.push(String(request.messages[0]?.content));
      return slow;
    };
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    const other = await slots.acquire("a:", 1, 60_000);
    const llm = createLLMClient({
      providers: [mockProvider({ id: "a", steps })],
      env: {},
      clock,
      slots,
      maxConcurrency: 1,
    });
    const calls = [
      ["low", 0],
      ["high", 5],
      ["middle", 1],
    ].map(([prompt, priority]) => llm.generateText({ prompt: String(prompt), priority: Number(priority) }));
    await clock.advance(500);
    expect(order).toEqual([]);
    if ("release" in other) await other.release();
    await clock.advance(1_000);
    await Promise.all(calls);
    expect(order).toEqual(["high", "middle", "low"]);
  });

  it("renews a lease after a third of its time to live, until the call ends", async () => {
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    const provider = mockProvider({ id: "a", steps: [{ delayMs: 40_000 }], capabilities: { silentReasoning: true } });
    const llm = createLLMClient({ providers: [provider], env: {}, clock, slots });
    const call = llm.generateText(ask);
    await clock.advance(39_000);
    expect([slots.held(), slots.renewals]).toEqual([1, 7]);
    await clock.advance(1_000);
    await call;
    expect([slots.held(), clock.pendingTimers()]).toEqual([0, 0]);
  });

  it("acquires no lease for a call that is aborted while it waits", async () => {
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    await slots.acquire("a:", 1, 60_000);
    const llm = createLLMClient({ providers: [mockProvider({ id: "a" })], env: {}, clock, slots, maxConcurrency: 1 });
    const call = llm.generateText({ ...ask, timeouts: { totalMs: 200 } });
    call.catch(() => {});
    await clock.advance(300);
    await expect(call).rejects.toMatchObject({ code: "deadline" });
    expect([slots.held(), clock.pendingTimers()]).toEqual([1, 0]);
  });

  it("acquires no lease if the limit is Infinity", async () => {
    const slots = memorySlots();
    const bed = testBed({ a: {} }, { slots, maxConcurrency: Number.POSITIVE_INFINITY });
    await bed.value(bed.llm.generateText(ask));
    expect(slots.keys.size).toBe(0);
  });

  it("hedges only if a lease is free at once", async () => {
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    const a = mockProvider({ id: "a", steps: [...Array<MockStep>(10).fill({ delayMs: 200 }), { delayMs: 3_000 }] });
    const b = mockProvider({ id: "b" });
    const llm = createLLMClient({ providers: [a, b], env: {}, clock, slots, maxConcurrency: 1 });
    async function make(hedge: boolean): Promise<number> {
      const call = llm.generateText({ ...ask, hedge });
      await clock.advance(4_000);
      return (await call).attempts.length;
    }
    for (let made = 0; made < 10; made += 1) await make(false);
    const lease = await slots.acquire("b:", 1, 60_000);
    expect(await make(true)).toBe(1);
    if ("release" in lease) await lease.release();
    expect(await make(true)).toBe(2);
    expect([slots.held(), clock.pendingTimers()]).toEqual([0, 0]);
  });
});

describe("the local limit applies for shared slots that", () => {
  // Invalid types, which plain JavaScript permits.
  const wrong = (value: unknown) => value as never;
  it.each<[string, SharedSlots["acquire"], number]>([
    [
      "throw",
      () => {
        throw new TypeError("a secret");
      },
      100,
    ],
    ["reject", async () => Promise.reject(new TypeError("a secret")), 100],
    ["hang", () => new Promise(() => {}), 300],
    ["return an invalid value", async () => wrong("yes"), 100],
    ["return no wait", async () => wrong({ waitMs: Number.NaN }), 100],
    ["return undefined", () => wrong(undefined), 100],
  ])("%s", async (_, acquire, withinMs) => {
    const bed = testBed({ a: slow }, { slots: { acquire }, maxConcurrency: 2 });
    const calls = Array.from({ length: 4 }, () => bed.llm.generateText(ask));
    await bed.clock.advance(withinMs - 100);
    expect(bed.llm.health()).toMatchObject([{ active: 2, queued: 2 }]);
    await bed.clock.advance(1_000);
    expect(await Promise.all(calls)).toHaveLength(4);
    expect(JSON.stringify(bed.logs)).not.toContain("secret");
  });

  it("recover are used again", async () => {
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    let isUnavailable = true;
    const acquire: SharedSlots["acquire"] = async (...args) => {
      if (isUnavailable) throw new TypeError("unavailable");
      return slots.acquire(...args);
    };
    const llm = createLLMClient({
      providers: [mockProvider({ id: "a", steps: [slow] })],
      env: {},
      clock,
      slots: { acquire },
    });
    const make = async (): Promise<number> => {
      const call = llm.generateText(ask);
      await clock.advance(50);
      const held = slots.held();
      await clock.advance(100);
      await call;
      return held;
    };
    expect(await make()).toBe(0);
    isUnavailable = false;
    expect(await make()).toBe(0);
    await clock.advance(1_000);
    await make();
    expect(await make()).toBe(1);
    expect(slots.held()).toBe(0);
  });

  it("answer too late get their lease released", async () => {
    const clock = createFakeClock();
    const slots = memorySlots({ clock });
    const acquire: SharedSlots["acquire"] = async (...args) => {
      const lease = await slots.acquire(...args);
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
      return lease;
    };
    const llm = createLLMClient({ providers: [mockProvider({ id: "a" })], env: {}, clock, slots: { acquire } });
    const call = llm.generateText(ask);
    await clock.advance(1_000);
    await call;
    expect([slots.held(), clock.pendingTimers()]).toEqual([0, 0]);
  });

  it("fail to renew or to release do not fail a call", async () => {
    const fails = async (): Promise<never> => Promise.reject(new TypeError("away"));
    const acquire: SharedSlots["acquire"] = async () => ({ renew: fails, release: fails });
    const silent = mockProvider({ id: "a", steps: [{ delayMs: 20_000 }], capabilities: { silentReasoning: true } });
    const bed = testBed({ a: silent }, { slots: { acquire } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "a" });
  });
});
