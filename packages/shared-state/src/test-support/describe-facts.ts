import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VendorFact } from "../contract/facts.ts";
import type { SharedState } from "../contract/shared-state.ts";
import type { TestEngine, TestPlace } from "./test-place.ts";
import { waitUntil } from "./wait-until.ts";

/** The contract of facts. */
export function describeFacts({ name, create }: TestEngine): void {
  describe(`the facts of ${name}`, () => {
    let place: TestPlace;
    let one: SharedState;
    let two: SharedState;

    beforeEach(async () => {
      place = await create();
      one = await place.open();
      two = await place.open();
    });
    afterEach(() => place.close());

    function listenTo(state: SharedState): VendorFact[] {
      const heard: VendorFact[] = [];
      state.facts.listen((fact) => heard.push(fact));
      return heard;
    }

    const heardKeys = (heard: readonly VendorFact[]) => heard.map(({ key }) => key);

    it("reach other processes, and listeners of the same one", async () => {
      const here = listenTo(one);
      const there = listenTo(two);
      // Said again until both listen, because listening begins in the background.
      await waitUntil("both heard it", () => {
        one.facts.say({ key: `k${here.length}`, code: "rate_limit", forMs: 30_000, from: "me" });
        return here.length > 0 && there.length > 0;
      });
      expect(there[0]).toMatchObject({ key: "k0", code: "rate_limit", from: "me" });
      expect(there[0]?.forMs).toBeGreaterThan(29_000);
      expect(there[0]?.forMs).toBeLessThanOrEqual(30_000);
      one.facts.say({ key: "now", code: "quota", forMs: 30_000 });
      const at = performance.now();
      await waitUntil("the next is heard", () => heardKeys(there).includes("now"));
      expect(performance.now() - at).toBeLessThan(1_000);
    });

    it("are known to a process that starts later, with what is left of them", async () => {
      one.facts.say({ key: "early", code: "auth", forMs: 30_000 });
      await waitUntil("it is stored", async () => (await two.facts.current()).length === 1);
      const late = await place.open();
      const heard = listenTo(late);
      await waitUntil("it is heard", () => heardKeys(heard).includes("early"));
      expect(heard[0]).toMatchObject({ key: "early", code: "auth" });
      expect(heard[0]?.forMs).toBeLessThanOrEqual(30_000);
    });

    it("end by themselves", async () => {
      one.facts.say({ key: "short", code: "rate_limit", forMs: 60 });
      one.facts.say({ key: "long", code: "rate_limit", forMs: 60_000 });
      await waitUntil("both are stored", async () => (await two.facts.current()).length > 0);
      await waitUntil("one ended", async () => heardKeys(await two.facts.current()).join() === "long", 2_000);
    });

    it("last as long as the longest of the same key and code", async () => {
      one.facts.say({ key: "k", code: "rate_limit", forMs: 50_000 });
      await waitUntil("it is stored", async () => (await two.facts.current()).length === 1);
      two.facts.say({ key: "k", code: "rate_limit", forMs: 1_000 });
      two.facts.say({ key: "k", code: "quota", forMs: 1_000 });
      await waitUntil("the other is stored", async () => (await one.facts.current()).length === 2);
      const facts = await one.facts.current();
      expect(facts.find(({ code }) => code === "rate_limit")?.forMs).toBeGreaterThan(40_000);
    });

    it("stop reaching a listener that has ended", async () => {
      const heard: VendorFact[] = [];
      const end = two.facts.listen((fact) => heard.push(fact));
      const others = listenTo(two);
      end();
      await waitUntil("the other heard it", () => {
        one.facts.say({ key: `k${others.length}`, code: "rate_limit", forMs: 30_000 });
        return others.length > 0;
      });
      expect(heard).toEqual([]);
    });

    it("never throw", () => {
      one.facts.say({ key: "", code: "rate_limit", forMs: 1 });
      one.facts.say({ key: "a", code: "rate_limit", forMs: Number.NaN });
    });
  });
}
