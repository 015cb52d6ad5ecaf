import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import type { SharedState } from "../contract/shared-state.ts";
import { openSharedState } from "../open-shared-state.ts";
import { waitUntil } from "./wait-until.ts";

/** What happens while the server of an engine is away. */
export function describeOutage(name: string, startServer: () => Promise<RunningServer>): void {
  describe(`an outage of ${name}`, () => {
    let server: RunningServer;
    let state: SharedState | undefined;

    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.stop());
    afterEach(async () => {
      server.resume();
      await server.start();
      await state?.close();
    });

    const open = async (options = {}): Promise<SharedState> => {
      state = await openSharedState({ url: server.url, ...options });
      await waitUntil("it is connected", () => state?.status().connected ?? false);
      return state;
    };

    const ask = (id: string) => ({
      id,
      amount: 1,
      leaseMs: 60_000,
      scopes: [{ key: "day", limit: 100, window: { startEpochMs: 0, endEpochMs: 9e12 } }],
    });

    it("fails the calls in flight soon, and later ones at once, until the server is back", async () => {
      const lines: string[] = [];
      const write = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
      const logger = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
      const { ledger, status, close } = await open({ logger });
      await ledger.reserve(ask(`a${performance.now()}`));
      const { processes } = status();
      server.freeze();
      const frozenAt = performance.now();
      const calls = [ledger.reserve(ask("b")), ledger.status(["day"]), ledger.settle("c", { spent: 0, presumed: 0 })];
      const results = await Promise.allSettled(calls);
      expect(performance.now() - frozenAt).toBeLessThan(150);
      for (const result of results) {
        const reason = { code: "unavailable", timedOut: true, applied: "unknown" };
        expect(result).toMatchObject({ status: "rejected", reason });
      }
      const at = performance.now();
      for (let call = 0; call < 100; call += 1) {
        await expect(ledger.reserve(ask("d"))).rejects.toMatchObject({ code: "unavailable", applied: "no" });
      }
      expect(performance.now() - at).toBeLessThan(500);
      expect(status()).toMatchObject({ connected: false, processes });
      expect(status().lastError).not.toContain("secret-of-tests");
      server.resume();
      await waitUntil("it is connected again", () => status().connected, 5_000);
      expect(await ledger.reserve(ask("e"))).toMatchObject({ ok: true });
      expect(lines).toEqual(["warn: the shared state is not available", "info: the shared state is available again"]);
      await close();
    });

    it("leaves each process its share of the slots", async () => {
      const { slots, status } = await open({ timeoutMs: 2_000 });
      const other = await openSharedState({ url: server.url, timeoutMs: 2_000 });
      const { processes } = other.status();
      expect(processes).toBeGreaterThanOrEqual(2);
      const limit = 3 * (processes ?? 1);
      const held = await slots.acquire("outage", limit, 60_000);
      await server.kill();
      const { slots: shared } = other;
      const share = async () => {
        const answers = [await shared.acquire("outage", limit, 60_000), await shared.acquire("outage", limit, 60_000)];
        return [
          ...answers,
          await shared.acquire("outage", limit, 60_000),
          await shared.acquire("outage", limit, 60_000),
        ];
      };
      const answers = await share();
      expect(answers.map((answer) => "waitMs" in answer)).toEqual([false, false, false, true]);
      const [first] = answers;
      if (first === undefined || "waitMs" in first || "waitMs" in held) throw new Error("no lease");
      expect(await first.renew()).toBe(true);
      await first.release();
      expect(await shared.acquire("outage", limit, 60_000)).not.toHaveProperty("waitMs");
      await server.start();
      await waitUntil("it is connected again", () => status().connected && other.status().connected, 10_000);
      await other.close();
    });

    it("does not wait for a server that is killed", async () => {
      const { ledger, status } = await open();
      await ledger.status(["day"]);
      await server.kill();
      const at = performance.now();
      await expect(ledger.status(["day"])).rejects.toMatchObject({ code: "unavailable" });
      expect(performance.now() - at).toBeLessThan(150);
      expect(status().connected).toBe(false);
      await server.start();
      await waitUntil("it is connected again", () => status().connected, 5_000);
      expect(await ledger.status(["unknown"])).toHaveLength(1);
    });

    it("opens without a server, and connects when there is one", async () => {
      await server.kill();
      state = await openSharedState({ url: server.url });
      const { ledger, slots, facts, status } = state;
      expect(status()).toMatchObject({ connected: false, processes: null, epoch: null, lastAnswerEpochMs: null });
      await expect(ledger.reserve(ask("f"))).rejects.toMatchObject({ code: "unavailable", applied: "no" });
      await expect(slots.acquire("key", 1, 1_000)).rejects.toMatchObject({ code: "unavailable" });
      const heard: string[] = [];
      facts.listen(({ key }) => heard.push(key));
      facts.say({ key: "dropped", code: "quota", forMs: 60_000 });
      await server.start();
      await waitUntil("it is connected", () => status().connected, 5_000);
      expect(await ledger.status(["day"])).toHaveLength(1);
      await waitUntil("facts arrive", () => {
        facts.say({ key: `k${performance.now()}`, code: "quota", forMs: 60_000 });
        return heard.length > 0;
      });
      expect(heard).not.toContain("dropped");
    });
  });
}
