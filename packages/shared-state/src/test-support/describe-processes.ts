import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestEngine, TestPlace } from "./test-place.ts";
import { waitUntil } from "./wait-until.ts";

/** The contract of the whole state. */
export function describeProcesses({ name, create }: TestEngine): void {
  describe(`the state of ${name}`, () => {
    let place: TestPlace;

    beforeEach(async () => {
      place = await create();
    });
    afterEach(() => place.close());

    it("counts the processes that share it", async () => {
      const one = await place.open();
      expect(one.status()).toMatchObject({ connected: true, processes: 1, lastError: null });
      const two = await place.open();
      expect(two.status().processes).toBe(2);
      await two.close();
      const three = await place.open();
      expect(three.status().processes).toBe(2);
      expect(three.status().epoch).toBe(one.status().epoch);
    });

    it("has one secret", async () => {
      const one = await place.open();
      const two = await place.open();
      const secrets = await Promise.all([one.hashSecret(), two.hashSecret(), one.hashSecret()]);
      expect(new Set(secrets).size).toBe(1);
      expect(secrets[0]?.length).toBeGreaterThan(60);
    });

    it("rejects calls after it was closed", async () => {
      const state = await place.open();
      await state.close();
      await state.close();
      const closed = { code: "unavailable", retryable: false, applied: "no" };
      await expect(state.ledger.status(["a"])).rejects.toMatchObject(closed);
      await expect(state.slots.acquire("a", 1, 1_000)).rejects.toMatchObject(closed);
      await expect(state.facts.current()).rejects.toMatchObject(closed);
      state.facts.say({ key: "a", code: "quota", forMs: 1_000 });
    });

    it("leaves no timer and no socket when it is closed, also while it connects", async () => {
      const count = () =>
        process.getActiveResourcesInfo().filter((name) => /^(Timeout|TCPSocketWrap)$/.test(name)).length;
      for (let round = 0; round < 20; round += 1) {
        const before = count();
        const state = await place.open();
        const end = state.facts.listen(() => {});
        state.facts.say({ key: `k${round}`, code: "quota", forMs: 60_000 });
        const current = state.facts.current().catch(() => []);
        if (round % 2 === 0) await current;
        if (round % 3 === 0) end();
        await state.close();
        expect(count()).toBeLessThanOrEqual(before);
      }
    });

    it("restores the largest sums that processes saw when the store was emptied, once", async (context) => {
      const { empty } = place;
      if (empty === null) return context.skip("cannot be emptied");
      const one = await place.open();
      const two = await place.open();
      const ask = (id: string) => {
        const window = { startEpochMs: 0, endEpochMs: 9e12 };
        return { id, amount: 10, leaseMs: 60_000, scopes: [{ key: "day", limit: 100, window }] };
      };
      await one.ledger.reserve(ask("a"));
      await one.ledger.settle("a", { spent: 10, presumed: 0 });
      // The second process saw 10 of what became 40.
      await two.ledger.status(["day"]);
      await one.ledger.reserve(ask("b"));
      await one.ledger.settle("b", { spent: 20, presumed: 10 });
      const { epoch } = one.status();

      await empty();
      // The sums of the first process are missing.
      await expect(two.ledger.reserve(ask("c"))).rejects.toMatchObject({ code: "unavailable", applied: "no" });
      expect(two.status()).toMatchObject({ connected: true, recovering: true, processes: 2 });
      expect(two.status().epoch).not.toBe(epoch);
      await one.ledger.status(["day"]);
      await waitUntil("both are back", () => !(one.status().recovering || two.status().recovering));
      expect(await two.ledger.reserve(ask("c"))).toMatchObject({ ok: true, left: [50] });
      expect(await one.ledger.reserve(ask("d"))).toMatchObject({ ok: true, left: [40] });
      expect(await two.ledger.status(["day"])).toEqual([{ spent: 30, presumed: 10, held: 20 }]);

      // Sums of the current epoch, and those that were handed in before, change nothing.
      const seen = { key: "day", spent: 30, presumed: 10, epoch: epoch ?? "" };
      await two.ledger.handIn([seen, { ...seen, key: "other" }]);
      await two.ledger.handIn([{ ...seen, spent: 90, epoch: two.status().epoch ?? "" }]);
      expect(await two.ledger.status(["day", "other"])).toEqual([
        { spent: 30, presumed: 10, held: 20 },
        { spent: 30, presumed: 10, held: 0 },
      ]);
    });

    it("finds an emptied store without a reservation", async (context) => {
      const { empty } = place;
      if (empty === null) return context.skip("cannot be emptied");
      const one = await place.open();
      const two = await place.open();
      await one.ledger.settle("a", { scopes: [{ key: "day", spent: 30, presumed: 5 }] });
      await empty();
      await one.ledger.status(["another"]);
      await waitUntil("the sums are back", async () => (await two.ledger.status(["day"]))[0]?.spent === 30);
    });
  });
}
