import type { Lease } from "@babylon/llm-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SharedState } from "../contract/shared-state.ts";
import type { TestEngine, TestPlace } from "./test-place.ts";
import { waitUntil } from "./wait-until.ts";

/** The contract of slots. */
export function describeSlots({ name, create }: TestEngine): void {
  describe(`the slots of ${name}`, () => {
    let place: TestPlace;
    let one: SharedState;
    let two: SharedState;
    let three: SharedState;

    beforeEach(async () => {
      place = await create();
      one = await place.open();
      two = await place.open();
      three = await place.open();
    });
    afterEach(() => place.close());

    const ask = (state: SharedState, { key = "key", limit = 2, ttlMs = 60_000 } = {}) =>
      state.slots.acquire(key, limit, ttlMs);

    async function lease(state: SharedState, options = {}): Promise<Lease> {
      const answer = await ask(state, options);
      if ("waitMs" in answer) throw new Error("no lease");
      return answer;
    }

    it("grants as many leases as the limit, and a delay beyond it", async () => {
      await lease(one);
      await lease(two);
      const answer = await ask(two);
      expect(answer).toEqual({ waitMs: expect.any(Number) });
      if ("waitMs" in answer) expect(answer.waitMs).toBeGreaterThanOrEqual(1);
      await lease(two, { key: "another {key}" });
    });

    it("grants a released slot at once", async () => {
      const held = await lease(one);
      await lease(two);
      await held.release();
      await lease(two);
    });

    it("grants slots in turn, not to the process that released one", async () => {
      const held = [await lease(one), await lease(one)];
      expect(await ask(two)).toHaveProperty("waitMs");
      expect(await ask(three)).toHaveProperty("waitMs");
      await held[0]?.release();
      expect(await ask(one)).toHaveProperty("waitMs");
      expect(await ask(three)).toHaveProperty("waitMs");
      const next = await lease(two);
      await held[1]?.release();
      expect(await ask(two)).toHaveProperty("waitMs");
      await lease(three);
      await next.release();
      await lease(one);
    });

    it("gives the place of a process that no longer asks to the next", async () => {
      const held = [await lease(one), await lease(one)];
      expect(await ask(two)).toHaveProperty("waitMs");
      await held[0]?.release();
      await waitUntil("the place was given up", async () => !("waitMs" in (await ask(one))), 2_000);
    });

    it("ends a lease that is not renewed, and says so when it is renewed late", async () => {
      const held = await lease(one, { limit: 1, ttlMs: 60 });
      await waitUntil("the lease ended", async () => !("waitMs" in (await ask(two, { limit: 1 }))), 2_000);
      expect(await held.renew()).toBe(false);
    });

    it("extends a lease that is renewed", async () => {
      const held = await lease(one, { limit: 1, ttlMs: 400 });
      const endsAt = performance.now() + 600;
      while (performance.now() < endsAt) {
        expect(await held.renew()).toBe(true);
        expect(await ask(two, { limit: 1 })).toHaveProperty("waitMs");
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    });

    it.for([
      ["key", ["", 1, 1_000]],
      ["limit", ["a", 0, 1_000]],
      ["ttlMs", ["a", 1, Number.NaN]],
    ] as const)("names %s when it is not valid", async ([at, [key, limit, ttlMs]]) => {
      await expect(one.slots.acquire(key, limit, ttlMs)).rejects.toMatchObject({ code: "invalid", at });
    });
  });
}
