import { StorageError } from "@babylon/storage";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SharedState } from "../contract/shared-state.ts";
import { openSharedState } from "../open-shared-state.ts";
import type { ServerPair } from "./server-pair.ts";
import { waitUntil } from "./wait-until.ts";

const scopes = [{ key: "day", limit: 1_000, endsInMs: 3_600_000 }];

/** What is in the replica of an engine after it took over. */
export function describeFailover(name: string, startPair: () => Promise<ServerPair>): void {
  describe(`${name} whose replica takes over`, () => {
    async function open(): Promise<{ pair: ServerPair; one: SharedState; other: SharedState }> {
      const pair = await startPair();
      const one = await openSharedState({ url: pair.url, timeoutMs: 2_000 });
      const other = await openSharedState({ url: pair.url, timeoutMs: 2_000 });
      onTestFinished(async () => {
        await one.close();
        await other.close();
        await pair.stop();
      });
      return { pair, one, other };
    }

    async function failOver(pair: ServerPair, ...states: readonly SharedState[]): Promise<void> {
      await pair.failOver();
      // A call finds out; an idle process finds out by its next sign of life.
      await Promise.all(states.map(({ ledger }) => ledger.status(["day"]).catch(() => {})));
      await waitUntil("they are connected again", () => states.every(({ status }) => status().connected), 15_000);
      await waitUntil("all have sent again", () => states.every(({ status }) => !status().recovering), 15_000);
    }

    it("has the operations that were not replicated, once, as soon as their processes are back", async () => {
      const { pair, one, other } = await open();
      await one.ledger.reserve({ id: "replicated", scopes, amount: 100, leaseMs: 60_000 });
      await one.ledger.settle("replicated", { spent: 90, presumed: 0 });
      // Its hold is replicated, and its settlement is not.
      await other.ledger.reserve({ id: "half", scopes, amount: 50, leaseMs: 60_000 });
      await pair.cutReplication();
      const { epoch } = one.status();
      await other.ledger.settle("half", { spent: 40, presumed: 3 });
      await one.ledger.reserve({ id: "lost", scopes, amount: 200, leaseMs: 60_000 });
      await one.ledger.settle("lost", { spent: 150, presumed: 0 });
      await one.ledger.reserve({ id: "under-way", scopes, amount: 300, leaseMs: 60_000 });
      const before = await one.ledger.status(["day"]);
      expect(before).toEqual([{ spent: 280, presumed: 3, held: 300 }]);

      await failOver(pair, one, other);
      expect(one.status().epoch).toBe(epoch);
      expect(await one.ledger.status(["day"])).toEqual(before);
      await one.ledger.settle("under-way", { spent: 300, presumed: 0 });
      await one.ledger.settle("under-way", { spent: 300, presumed: 0 });
      expect(await one.ledger.status(["day"])).toEqual([{ spent: 580, presumed: 3, held: 0 }]);
    });

    it("reserves nothing until the operations of all processes are there", async () => {
      const { pair, one, other } = await open();
      await pair.cutReplication();
      for (let call = 0; call < 100; call += 1) {
        for (const [index, { ledger }] of [one, other].entries()) {
          await ledger.reserve({ id: `${index}.${call}`, scopes, amount: 5, leaseMs: 60_000 });
          await ledger.settle(`${index}.${call}`, { spent: 4, presumed: 0 });
        }
      }
      await pair.failOver();
      const left: number[] = [];
      const until = performance.now() + 20_000;
      // The other process does nothing, and finds out by its next sign of life.
      for (let call = 0; left.length === 0 && performance.now() < until; call += 1) {
        try {
          const answer = await one.ledger.reserve({ id: `b${call}`, scopes, amount: 201, leaseMs: 60_000 });
          left.push(answer.ok ? Number.NaN : answer.left);
        } catch (thrown) {
          if (!(thrown instanceof StorageError)) throw thrown;
          expect(thrown.code).toBe("unavailable");
          if (thrown.applied === "unknown")
            await one.ledger.settle(`b${call}`, { spent: 0, presumed: 0 }).catch(() => {});
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      // The first answer is a refusal: 800 of 1,000 are spent.
      expect(left).toEqual([200]);
      expect(await other.ledger.status(["day"])).toEqual([{ spent: 800, presumed: 0, held: 0 }]);
    });

    it("waits 8 seconds for a process that is gone, and loses what it has written: no more than that", async () => {
      const { pair, one, other } = await open();
      await one.ledger.reserve({ id: "a", scopes, amount: 100, leaseMs: 60_000 });
      await pair.cutReplication();
      await other.ledger.reserve({ id: "b", scopes, amount: 30, leaseMs: 60_000 });
      await other.ledger.settle("b", { spent: 20, presumed: 0 });
      await other.close();
      await one.ledger.settle("a", { spent: 80, presumed: 0 });
      await failOver(pair, one);
      expect(await one.ledger.status(["day"])).toEqual([{ spent: 80, presumed: 0, held: 0 }]);
    });
  });
}
