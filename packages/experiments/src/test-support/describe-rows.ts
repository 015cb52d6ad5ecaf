import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExperimentRows, MetricSource, UnitCall } from "../rows/experiment-rows.ts";
import { describeRemoval } from "./describe-removal.ts";
import { ACCEPTED, AT, allUnits, exposureRow, HOUR_MS, LATENCY, query } from "./rows-to-test.ts";

/** The contract of rows, for each engine. */
export function describeRows(name: string, open: () => Promise<ExperimentRows>): void {
  describe(name, () => {
    let rows: ExperimentRows;
    beforeEach(async () => {
      rows = await open();
    });
    afterEach(() => rows.close());

    test("finds quantiles of an arm's values, and counts the values above a limit", async () => {
      const values = Array.from({ length: 100 }, (_, index) => 100 - index);
      const exposures = values.map((latencyMs) =>
        exposureRow({ unit: `u${latencyMs % 10}`, callId: `c${latencyMs}`, values: { latencyMs } }),
      );
      const others = [
        exposureRow({ arm: "tuned", unit: "t", callId: "t1", values: { latencyMs: 9_000 } }),
        exposureRow({ callId: "x1", excluded: "pinned", values: { latencyMs: 9_000 } }),
        exposureRow({ callId: "x2", values: { latencyMs: null } }),
        exposureRow({ callId: "x3", at: AT + 10, values: { latencyMs: 9_000 } }),
      ];
      await rows.add({ exposures: [...exposures, ...others], observations: [] });
      const until = { ...query([]), until: AT + 10 };
      const of = { arm: "control", metric: "latencyMs" } as const;
      const quantiles = [0, 0.5, 0.95, 1].map((quantile) => rows.quantile(until, { ...of, quantile }));
      expect(await Promise.all(quantiles)).toEqual([1, 50, 95, 100]);
      expect(await rows.quantile(query([]), { ...of, quantile: 1 })).toBe(9_000);
      expect(await rows.quantile(until, { ...of, arm: "none", quantile: 0.5 })).toBeNull();
      const above: MetricSource = { ...LATENCY, above: 95 };
      const units = await allUnits(rows, { ...until, metrics: [above] });
      const sums = units.filter(({ arm }) => arm === "control").map(({ metrics: [sum] }) => sum);
      expect(sums.reduce((all, sum) => all + (sum?.sum ?? 0), 0)).toBe(5);
      expect(sums.reduce((all, sum) => all + (sum?.count ?? 0), 0)).toBe(100);
    });

    test("sums the calls of each unit, with what is not known apart, and adds each row once", async () => {
      const batch = {
        exposures: [
          exposureRow({ callId: "c1", values: { latencyMs: 100 } }),
          exposureRow({ callId: "c2", served: "fallback", values: { latencyMs: 300, fallback: 1 } }),
          exposureRow({ callId: "c3", served: "none", values: { latencyMs: null, failure: 1 } }),
          exposureRow({ unit: "u2", callId: "c4", arm: "tuned", values: { latencyMs: 50 } }),
          exposureRow({ version: 2, callId: "c5" }),
          exposureRow({ experiment: "other", callId: "c6" }),
        ],
        observations: [],
      };
      await rows.add(batch);
      await rows.add(batch);
      expect(await allUnits(rows, query([LATENCY]))).toEqual([
        {
          arm: "control",
          isMixed: false,
          calls: 3,
          servedCalls: 1,
          fallbacks: 1,
          metrics: [{ count: 2, sum: 400, servedCount: 1, servedSum: 100, pending: 0, ofUnit: null }],
        },
        {
          arm: "tuned",
          isMixed: false,
          calls: 1,
          servedCalls: 1,
          fallbacks: 0,
          metrics: [{ count: 1, sum: 50, servedCount: 1, servedSum: 50, pending: 0, ofUnit: null }],
        },
      ]);
      expect(await allUnits(rows, { ...query([]), experiment: "nothing" })).toEqual([]);
    });

    test("joins what was observed of calls in time, once, and of units", async () => {
      await rows.add({
        exposures: ["c1", "c2", "c3"].map((callId) => exposureRow({ callId })),
        observations: [
          { of: { callId: "c1" }, metric: "accepted", value: 1, at: AT + HOUR_MS },
          { of: { callId: "c1" }, metric: "accepted", value: 0, at: AT + 5 },
          { of: { callId: "c2" }, metric: "accepted", value: 1, at: AT + HOUR_MS + 1 },
          { of: { callId: "c2" }, metric: "other", value: 7, at: AT },
        ],
      });
      const [open] = await allUnits(rows, query([ACCEPTED], AT + HOUR_MS));
      expect(open?.metrics[0]).toMatchObject({ count: 1, sum: 1, pending: 2, ofUnit: null });
      const [closed] = await allUnits(rows, query([ACCEPTED, LATENCY], AT + HOUR_MS + 1));
      expect(closed?.metrics).toMatchObject([
        { count: 1, sum: 1, pending: 0 },
        { count: 3, sum: 300 },
      ]);
      await rows.add({
        exposures: [],
        observations: [{ of: { unit: "u1" }, metric: "accepted", value: 0.25, at: AT }],
      });
      const [ofUnit] = await allUnits(rows, query([ACCEPTED]));
      expect(ofUnit?.metrics[0]?.ofUnit).toBe(0.25);
    });

    test("keeps excluded calls and shadows apart, and marks units in two arms", async () => {
      await rows.add({
        exposures: [
          exposureRow({ callId: "c1" }),
          exposureRow({ callId: "c2", arm: "tuned" }),
          exposureRow({ callId: "c3", excluded: "pinned" }),
          exposureRow({ callId: "c4", unit: "u9", excluded: "pinned" }),
          exposureRow({ callId: "c5", unit: "u9", excluded: "agent-setting" }),
          exposureRow({ callId: "s1", arm: "dark", shadowOf: "c1", values: { latencyMs: 10 } }),
          exposureRow({ callId: "s2", arm: "dark", shadowOf: "c2", values: { latencyMs: 20 } }),
        ],
        observations: [{ of: { callId: "s1" }, metric: "accepted", value: 1, at: AT }],
      });
      const units = await allUnits(rows, query([]));
      expect(units.map(({ calls, isMixed }) => [calls, isMixed])).toEqual([[2, true]]);
      expect(await rows.excluded(query([]))).toEqual({ pinned: 2, "agent-setting": 1 });
      expect(await rows.shadowSums(query([LATENCY, ACCEPTED]))).toEqual([
        {
          arm: "dark",
          calls: 2,
          metrics: [
            { count: 2, sum: 30, squares: 500 },
            { count: 1, sum: 1, squares: 1 },
          ],
        },
      ]);
    });

    test("returns many units in pages, each once", async () => {
      const exposures = Array.from({ length: 25_000 }, (_, index) =>
        exposureRow({ unit: `u${index}`, callId: `c${index}` }),
      );
      for (let start = 0; start < exposures.length; start += 5_000) {
        await rows.add({ exposures: exposures.slice(start, start + 5_000), observations: [] });
      }
      const sizes: number[] = [];
      for await (const page of rows.unitSums(query([]))) sizes.push(page.length);
      expect(sizes).toEqual([10_000, 10_000, 5_000]);
    });

    test("sums the calls and the observations before a moment", async () => {
      await rows.add({
        exposures: [
          exposureRow({ callId: "c1" }),
          exposureRow({ callId: "c2", at: AT + 10, values: { latencyMs: 300 } }),
        ],
        observations: [
          { of: { callId: "c1" }, metric: "accepted", value: 1, at: AT + 5 },
          { of: { unit: "u1" }, metric: "accepted", value: 0, at: AT + 8 },
        ],
      });
      const at = async (until: number) => {
        const [unit] = await allUnits(rows, { ...query([LATENCY, ACCEPTED]), until });
        return unit === undefined
          ? null
          : [unit.calls, unit.metrics[0]?.sum, unit.metrics[1]?.count, unit.metrics[1]?.ofUnit];
      };
      expect(await at(AT)).toBeNull();
      expect(await at(AT + 1)).toEqual([1, 100, 0, null]);
      expect(await at(AT + 6)).toEqual([1, 100, 1, null]);
      expect(await at(AT + 9)).toEqual([1, 100, 1, 0]);
      expect(await at(AT + 11)).toEqual([2, 400, 1, 0]);
    });

    test("has the calls of units with what was observed of them, unit by unit, in pages", async () => {
      const exposures = Array.from({ length: 45_000 }, (_, call) =>
        exposureRow({ unit: `u${call % 9}`, callId: `c${String(call).padStart(5, "0")}`, at: AT + call }),
      );
      for (let start = 0; start < exposures.length; start += 5_000) {
        await rows.add({ exposures: exposures.slice(start, start + 5_000), observations: [] });
      }
      await rows.add({
        exposures: [
          exposureRow({ unit: "u0", callId: "c9", arm: "tuned", served: "fallback" }),
          exposureRow({ unit: "u0", callId: "x", excluded: "pinned" }),
          exposureRow({ unit: "u0", callId: "y", shadowOf: "c9" }),
        ],
        observations: [
          { of: { callId: "c00001" }, metric: "accepted", value: 1, at: AT + 7 },
          { of: { callId: "c00010" }, metric: "accepted", value: 1, at: AT + 11 + HOUR_MS },
          { of: { unit: "u2" }, metric: "accepted", value: 0.5, at: AT + 3 },
        ],
      });
      const calls: UnitCall[] = [];
      for await (const page of rows.unitCalls(query([ACCEPTED]))) calls.push(...page);
      expect(calls).toHaveLength(45_001);
      const unitsInOrder = calls.map(({ unit }) => unit).filter((unit, index, all) => unit !== all[index - 1]);
      expect(unitsInOrder).toHaveLength(9);
      const known = { value: null, ofUnit: null, isIntended: true };
      const of = (unit: string, at: number) => calls.find((call) => call.unit === unit && call.at === at);
      expect(calls.find(({ arm }) => arm === "tuned")).toMatchObject({ ...known, unit: "u0", isIntended: false });
      expect(of("u1", AT + 1)).toMatchObject({ ...known, value: 1, valueAt: AT + 7 });
      // One millisecond too late.
      expect(of("u1", AT + 10)).toMatchObject(known);
      expect(of("u2", AT + 2)).toMatchObject({ ...known, ofUnit: { value: 0.5, at: AT + 3 } });
    });

    describeRemoval(() => rows);

    test("gives the turn of periodic work to one process at a time", async () => {
      expect(await rows.takeTurn("guard", 1_000, AT)).toBe(true);
      expect(await rows.takeTurn("prune", 1_000, AT)).toBe(true);
      expect(await rows.takeTurn("guard", 1_000, AT + 999)).toBe(false);
      expect(await rows.takeTurn("guard", 1_000, AT + 1_000)).toBe(true);
      // The clock was set back.
      expect(await rows.takeTurn("guard", 1_000, AT - 50_000)).toBe(true);
    });

    test("has a secret", () => {
      expect(rows.hashSecret.length).toBeGreaterThan(30);
    });
  });
}
