import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ledger } from "../contract/ledger.ts";
import type { SharedState } from "../contract/shared-state.ts";
import type { TestEngine, TestPlace } from "./test-place.ts";
import { waitUntil } from "./wait-until.ts";

const HOUR_MS = 3_600_000;

/** The contract of a ledger. */
export function describeLedger({ name, create }: TestEngine): void {
  describe(`the ledger of ${name}`, () => {
    let place: TestPlace;
    let state: SharedState;
    let ledger: Ledger;

    beforeEach(async () => {
      place = await create();
      state = await place.open();
      ledger = state.ledger;
    });
    afterEach(() => place.close());

    const ask = (id: string, amount: number, limit = 100, key = "day", leaseMs = 60_000) => ({
      id,
      amount,
      leaseMs,
      scopes: [{ key, limit, endsInMs: HOUR_MS }],
    });
    const sums = async (key = "day") => (await ledger.status([key]))[0];

    it("holds, settles exactly, and says what is left", async () => {
      expect(await ledger.reserve(ask("a", 30))).toMatchObject({ ok: true, left: [70] });
      expect(await sums()).toEqual({ spent: 0, presumed: 0, held: 30 });
      await ledger.settle("a", { spent: 12, presumed: 3 });
      expect(await sums()).toEqual({ spent: 12, presumed: 3, held: 0 });
      expect(await ledger.reserve(ask("b", 85))).toMatchObject({ ok: true, left: [0] });
    });

    it("reserves in every scope or in none", async () => {
      const scopes = [
        { key: "month", limit: 1_000, endsInMs: HOUR_MS },
        { key: "day", limit: 10, endsInMs: HOUR_MS, amount: 11 },
        { key: "hour", limit: 1, endsInMs: HOUR_MS },
      ];
      const refusal = await ledger.reserve({ id: "a", scopes, amount: 1, leaseMs: 1_000 });
      expect(refusal).toMatchObject({ ok: false, scope: "day", left: 10, held: 0, waitFor: null, retryAfterMs: null });
      expect(await ledger.status(["month", "day", "hour"])).toEqual(
        scopes.map(() => ({ spent: 0, presumed: 0, held: 0 })),
      );
    });

    it("says whether held money or the end of the window is to be waited for", async () => {
      await ledger.reserve(ask("a", 60));
      expect(await ledger.reserve(ask("b", 50))).toMatchObject({ ok: false, left: 40, held: 60, waitFor: "holds" });
      await ledger.settle("a", { spent: 60, presumed: 0 });
      const refusal = await ledger.reserve(ask("c", 50));
      expect(refusal).toMatchObject({ ok: false, left: 40, held: 0, waitFor: "window" });
      if (refusal.ok) throw new Error("not refused");
      expect(refusal.retryAfterMs).toBeGreaterThan(HOUR_MS - 10_000);
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(HOUR_MS);
    });

    it("lists windows by the start of their keys, in order", async () => {
      const keys = ["b|tenant=ü|5", "b|tenant=a*|5", "b|tenant=[x]|5", "c|5", "b"];
      for (const [index, key] of keys.entries()) await ledger.reserve(ask(`list${index}`, index + 1, 100, key));
      const { windows, more } = await ledger.windows({ prefix: "b|" });
      expect(more).toBe(false);
      expect(windows.map(({ key, held }) => [key, held])).toEqual([
        ["b|tenant=[x]|5", 3],
        ["b|tenant=a*|5", 2],
        ["b|tenant=ü|5", 1],
      ]);
      expect(windows[0]?.endEpochMs).toBeGreaterThan(0);
      expect((await ledger.windows({ prefix: "b|tenant=a*" })).windows).toHaveLength(1);
      expect((await ledger.windows({ prefix: "b|tenant=*" })).windows).toEqual([]);
      expect(await ledger.windows({ prefix: "b|", limit: 1 })).toMatchObject({ windows: [windows[0]], more: true });
    });

    it("lists thousands of windows", async () => {
      const scopes = (from: number) =>
        Array.from({ length: 50 }, (_, at) => ({ key: `many|${from + at}`, spent: 1, presumed: 0, endsInMs: HOUR_MS }));
      for (let from = 0; from < 2_500; from += 50) await ledger.settle(`many${from}`, { scopes: scopes(from) });
      const { windows, more } = await ledger.windows({ prefix: "many|", limit: 5_000 });
      expect([windows.length, more, new Set(windows.map(({ key }) => key)).size]).toEqual([2_500, false, 2_500]);
      await expect(ledger.windows({ prefix: "" })).rejects.toMatchObject({ code: "invalid", at: "prefix" });
    });

    it("settles by scope, also above what was reserved", async () => {
      const scopes = [
        { key: "usd", limit: 100, amount: 10, endsInMs: HOUR_MS },
        { key: "tokens", limit: 5_000, amount: 400, endsInMs: HOUR_MS },
      ];
      expect(await ledger.reserve({ id: "a", scopes, leaseMs: 1_000 })).toMatchObject({ ok: true, left: [90, 4_600] });
      const settled = [
        { key: "usd", spent: 250, presumed: 0 },
        { key: "tokens", spent: 300, presumed: 20 },
      ];
      await ledger.settle("a", { scopes: settled });
      expect(await ledger.status(["usd", "tokens"])).toEqual([
        { spent: 250, presumed: 0, held: 0 },
        { spent: 300, presumed: 20, held: 0 },
      ]);
    });

    it("does not count a reservation or a settlement twice", async () => {
      await ledger.reserve(ask("a", 30));
      expect(await ledger.reserve(ask("a", 30))).toMatchObject({ ok: true, left: [70] });
      await ledger.settle("a", { spent: 20, presumed: 0 });
      await ledger.settle("a", { spent: 20, presumed: 0 });
      expect(await ledger.reserve(ask("a", 30))).toMatchObject({ ok: true, left: [80] });
      expect(await sums()).toEqual({ spent: 20, presumed: 0, held: 0 });
    });

    it("counts a settlement that arrives before its reservation once", async () => {
      await ledger.settle("a", { spent: 20, presumed: 5 });
      expect(await sums()).toEqual({ spent: 0, presumed: 0, held: 0 });
      expect(await ledger.reserve(ask("a", 30))).toMatchObject({ ok: true, left: [75] });
      await ledger.settle("a", { spent: 20, presumed: 5 });
      expect(await sums()).toEqual({ spent: 20, presumed: 5, held: 0 });
    });

    it("adds a settlement by scope whose reservation it does not have", async () => {
      const result = { scopes: [{ key: "day", spent: 20, presumed: 5, endsInMs: HOUR_MS }] };
      await ledger.settle("a", result);
      await ledger.settle("a", result);
      expect(await ledger.reserve(ask("a", 30))).toMatchObject({ ok: true });
      expect(await sums()).toEqual({ spent: 20, presumed: 5, held: 0 });
    });

    it("presumes what was held when a lease ends, and corrects it by a late settlement", async () => {
      await ledger.reserve(ask("a", 30, 100, "day", 20));
      await ledger.reserve(ask("b", 10));
      await waitUntil("the lease ended", async () => (await sums())?.presumed === 30);
      expect(await sums()).toEqual({ spent: 0, presumed: 30, held: 10 });
      expect(await ledger.reserve(ask("c", 70))).toMatchObject({ ok: false, waitFor: "holds" });
      await ledger.settle("a", { spent: 7, presumed: 0 });
      await ledger.settle("a", { spent: 7, presumed: 0 });
      expect(await sums()).toEqual({ spent: 7, presumed: 0, held: 10 });
    });

    it("settles in the window that reserved, after its end", async () => {
      const scopes = [{ key: "short", limit: 100, endsInMs: 20 }];
      await ledger.reserve({ id: "a", scopes, amount: 30, leaseMs: 60_000 });
      const endsAt = (await ledger.serverEpochMs()) + 25;
      await waitUntil("the window ended", async () => (await ledger.serverEpochMs()) > endsAt);
      await ledger.settle("a", { spent: 12, presumed: 0 });
      expect(await sums("short")).toEqual({ spent: 12, presumed: 0, held: 0 });
    });

    it("chooses windows by the engine's clock", async () => {
      const asked: number[] = [];
      const lengthMs = 50;
      const scopes = (serverEpochMs: number) => {
        // The first time is wrong by an hour, as that of a client with a wrong clock would be.
        const at = asked.length === 0 ? serverEpochMs + HOUR_MS : serverEpochMs;
        asked.push(at);
        const startEpochMs = at - (at % lengthMs);
        const window = { startEpochMs, endEpochMs: startEpochMs + lengthMs };
        return [{ key: `of-${startEpochMs}`, limit: 100, window }];
      };
      const grant = await ledger.reserve({ id: "a", scopes, amount: 30, leaseMs: 60_000 });
      expect(grant).toMatchObject({ ok: true, left: [70] });
      const start = grant.serverEpochMs - (grant.serverEpochMs % lengthMs);
      expect(await sums(`of-${start}`)).toEqual({ spent: 0, presumed: 0, held: 30 });
      expect(asked.length).toBeGreaterThan(1);
    });

    it("does not depend on the clocks of its clients", async () => {
      const ahead = await place.open(HOUR_MS);
      const behind = await place.open(-HOUR_MS);
      const dayMs = 24 * HOUR_MS;
      const scopes = (serverEpochMs: number) => {
        const startEpochMs = serverEpochMs - (serverEpochMs % dayMs);
        const window = { startEpochMs, endEpochMs: startEpochMs + dayMs };
        return [{ key: `of-${startEpochMs}`, limit: 100, window }];
      };
      const states = [state, ahead, behind];
      const grants = await Promise.all(
        states.map((one, index) => one.ledger.reserve({ id: `${index}`, scopes, amount: 30, leaseMs: 60_000 })),
      );
      expect(grants.map(({ ok }) => ok)).toEqual([true, true, true]);
      const now = await ledger.serverEpochMs();
      for (const one of states) expect(Math.abs((await one.ledger.serverEpochMs()) - now)).toBeLessThan(1_000);
      const [{ key = "" } = {}] = scopes(now);
      expect(await behind.ledger.status([key])).toEqual([{ spent: 0, presumed: 0, held: 90 }]);
      expect(await ahead.ledger.reserve({ id: "more", scopes, amount: 11, leaseMs: 60_000 })).toMatchObject({
        ok: false,
      });
    });

    it("writes off what is presumed, and no more", async () => {
      await ledger.reserve(ask("a", 30));
      await ledger.settle("a", { spent: 5, presumed: 25 });
      await ledger.writeOff("day", 10);
      expect(await sums()).toEqual({ spent: 5, presumed: 15, held: 0 });
      await ledger.writeOff("day", 100);
      expect(await sums()).toEqual({ spent: 5, presumed: 0, held: 0 });
      await ledger.writeOff("unknown", 100);
      expect(await sums("unknown")).toEqual({ spent: 0, presumed: 0, held: 0 });
    });

    it("lists write-offs, the newest first, with who, when, how much and why", async () => {
      await ledger.reserve(ask("a", 60));
      await ledger.settle("a", { spent: 0, presumed: 60 });
      await ledger.writeOff("day", 10);
      const by = { actor: 'ada \t"ü"', reason: null };
      await expect(ledger.writeOff("day", 10, by)).rejects.toMatchObject({ code: "invalid", at: "actor" });
      await ledger.writeOff("day", 1_000, { actor: 'ada "ü"', reason: "not on the bill" });
      // Nothing is presumed any more.
      await ledger.writeOff("day", 1_000, { actor: "bob", reason: null });
      const listed = await ledger.writeOffs();
      expect(listed).toEqual([
        { atEpochMs: expect.any(Number), key: "day", amount: 50, actor: 'ada "ü"', reason: "not on the bill" },
        { atEpochMs: expect.any(Number), key: "day", amount: 10, actor: null, reason: null },
      ]);
      expect(await ledger.writeOffs(1)).toEqual(listed.slice(0, 1));
      expect(Math.abs((listed[0]?.atEpochMs ?? 0) - (await ledger.serverEpochMs()))).toBeLessThan(5_000);
    });

    it("has the latest description of each name", async () => {
      await ledger.describe("budget|a|", "1");
      await ledger.describe("budget|a|", "2");
      await ledger.describe("budget|b|", "3");
      await ledger.describe("other", "4");
      const found = await (await place.open()).ledger.descriptions("budget|");
      expect([...found].sort()).toEqual([
        ["budget|a|", "2"],
        ["budget|b|", "3"],
      ]);
    });

    it("keeps amounts up to 9e15 exact", async () => {
      const limit = 9e15;
      expect(await ledger.reserve(ask("a", 8_999_999_999_999_998, limit))).toMatchObject({ ok: true, left: [2] });
      expect(await ledger.reserve(ask("b", 3, limit))).toMatchObject({ ok: false, left: 2 });
      expect(await ledger.reserve(ask("c", 1, limit))).toMatchObject({ ok: true, left: [1] });
      expect(await sums()).toEqual({ spent: 0, presumed: 0, held: 8_999_999_999_999_999 });
      await ledger.settle("a", { spent: 8_999_999_999_999_997, presumed: 1 });
      expect(await sums()).toEqual({ spent: 8_999_999_999_999_997, presumed: 1, held: 1 });
      expect(await ledger.reserve(ask("d", 1, limit))).toMatchObject({ ok: true, left: [0] });
      expect(await ledger.reserve(ask("e", 1, limit))).toMatchObject({ ok: false, left: 0 });
    });

    it("grants exactly 1,000 of 10,000 concurrent reservations", async () => {
      const others = [ledger, (await place.open()).ledger];
      const asks = Array.from({ length: 10_000 }, (_, index) => ({ ...ask(`r${index}`, 7, 7_000), leaseMs: 600_000 }));
      const answers = await Promise.all(asks.map((one, index) => (others[index % 2] ?? ledger).reserve(one)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1_000);
      expect(await sums()).toEqual({ spent: 0, presumed: 0, held: 7_000 });
    });

    it.for([
      ["id", { id: "" }],
      ["leaseMs", { leaseMs: 0 }],
      ["scopes", { scopes: [] }],
      ["scopes[0].key", { scopes: [{ key: "a\nb", limit: 1 }] }],
      ["scopes[0].limit", { scopes: [{ key: "a", limit: 1.5 }] }],
      ["scopes[0].amount", { scopes: [{ key: "a", limit: 1, amount: -1 }] }],
      ["scopes[0].amount", { scopes: [{ key: "a", limit: 1 }], amount: undefined }],
      ["amount", { amount: 9.1e15 }],
      [
        "scopes[1].key",
        {
          scopes: [
            { key: "a", limit: 1 },
            { key: "a", limit: 1 },
          ],
        },
      ],
    ] as const)("names %s when it is not valid", async ([at, wrong]) => {
      const asked = ledger.reserve({ ...ask("a", 1), ...wrong });
      await expect(asked).rejects.toMatchObject({ code: "invalid", at });
    });
  });
}
