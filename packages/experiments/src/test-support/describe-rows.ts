import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  EraseTarget,
  ExperimentRows,
  ExposureRow,
  MetricSource,
  RowsQuery,
  UnitCall,
  UnitSums,
} from "../rows/experiment-rows.ts";

const AT = 1_780_000_000_000;
const HOUR_MS = 3_600_000;

/** An exposure with values that a test does not care about. */
export function exposureRow(
  over: Partial<Omit<ExposureRow, "values">> & { values?: Partial<ExposureRow["values"]> },
): ExposureRow {
  const { values, ...rest } = over;
  return {
    experiment: "npc-model",
    version: 1,
    arm: "control",
    unit: "u1",
    callId: "c1",
    at: AT,
    probability: 0.5,
    served: "intended",
    excluded: null,
    shadowOf: null,
    tenant: null,
    ...rest,
    values: {
      latencyMs: 100,
      firstTokenMs: null,
      costUsd: null,
      failure: 0,
      fallback: 0,
      outputTokens: null,
      schemaFailures: null,
      ...values,
    },
  };
}

const LATENCY: MetricSource = { kind: "record", metric: "latencyMs" };
const ACCEPTED: MetricSource = { kind: "observed", metric: "accepted", windowMs: HOUR_MS };
const query = (metrics: readonly MetricSource[], now = AT): RowsQuery => ({
  experiment: "npc-model",
  version: 1,
  metrics,
  now,
});

/** All units of a query, by their arm. */
export async function allUnits(rows: ExperimentRows, of: RowsQuery): Promise<readonly UnitSums[]> {
  const units: UnitSums[] = [];
  for await (const page of rows.unitSums(of)) units.push(...page);
  return units;
}

/** The contract of rows, for each engine. */
export function describeRows(name: string, open: () => Promise<ExperimentRows>): void {
  describe(name, () => {
    let rows: ExperimentRows;
    beforeEach(async () => {
      rows = await open();
    });
    afterEach(() => rows.close());

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

    describe("erased", () => {
      const observe = (callId: string) => ({ of: { callId }, metric: "accepted", value: 1, at: AT }) as const;
      beforeEach(() =>
        rows.add({
          exposures: [
            exposureRow({ callId: "c1", tenant: "t1" }),
            exposureRow({ callId: "c1", tenant: "t1", experiment: "other", unit: "session-1" }),
            exposureRow({ callId: "c2", tenant: "t2" }),
            exposureRow({ callId: "c3", tenant: "t2", unit: "u2" }),
            exposureRow({ callId: "s1", tenant: "t1", arm: "dark", shadowOf: "c1" }),
            exposureRow({ callId: "c4", version: 2 }),
          ],
          observations: [
            ...["c1", "c2", "c3", "s1", "c4"].map(observe),
            { of: { unit: "u1" }, metric: "accepted", value: 0.5, at: AT },
          ],
        }),
      );
      const left = async () => {
        const of = [query([ACCEPTED]), { ...query([ACCEPTED]), version: 2 }, { ...query([]), experiment: "other" }];
        const units = await Promise.all(of.map((each) => allUnits(rows, each)));
        const [shadow] = await rows.shadowSums(query([ACCEPTED]));
        const calls = units.map((list) => list.reduce((sum, unit) => sum + unit.calls, 0));
        return { calls, shadows: shadow?.calls ?? 0, ofUnit: units[0]?.[0]?.metrics[0]?.ofUnit ?? null };
      };

      test.each<[string, EraseTarget, number, object]>([
        [
          "a call, in all experiments, with its copies",
          { callId: "c1" },
          2,
          { calls: [2, 1, 0], shadows: 0, ofUnit: 0.5 },
        ],
        ["a unit, in all versions", { unit: "u1" }, 4, { calls: [1, 0, 0], shadows: 0, ofUnit: null }],
        ["a tenant", { tenant: "t1" }, 2, { calls: [2, 1, 0], shadows: 0, ofUnit: 0.5 }],
        ["nobody", { unit: "u7" }, 0, { calls: [3, 1, 1], shadows: 1, ofUnit: 0.5 }],
      ])("%s", async (_, target, calls, expected) => {
        expect(await rows.erase(target)).toBe(calls);
        expect(await left()).toEqual(expected);
        expect(await rows.erase(target)).toBe("callId" in target ? 1 : 0);
        // What was observed of an erased call is gone, too: the same call would have no value.
        const again = exposureRow({ callId: "c1", unit: "u3", version: 3 });
        await rows.add({ exposures: [again], observations: [] });
        const [unit] = await allUnits(rows, { ...query([ACCEPTED]), version: 3 });
        expect(unit?.metrics[0]?.count).toBe(calls === 0 ? 1 : 0);
      });
    });

    test("removes versions that ended long ago, with what was observed of them and of nothing else", async () => {
      const many = Array.from({ length: 1_700 }, (_, call) =>
        exposureRow({ unit: `u${call % 3}`, callId: `c${call}` }),
      );
      await rows.add({
        exposures: [
          ...many,
          exposureRow({ callId: "c5", experiment: "running", unit: "u0" }),
          exposureRow({ callId: "recent", experiment: "recent", unit: "u1", at: AT + 10 }),
          exposureRow({ callId: "old", experiment: "recent", unit: "u1" }),
          exposureRow({ callId: "v2", version: 2, unit: "u9" }),
        ],
        observations: [
          ...many.map(({ callId }) => ({ of: { callId }, metric: "accepted", value: 1, at: AT })),
          { of: { unit: "u0" }, metric: "accepted", value: 0.5, at: AT },
          { of: { unit: "u2" }, metric: "accepted", value: 0.5, at: AT },
        ],
      });
      const asked: string[] = [];
      const removed = await rows.prune({
        before: AT + 10,
        hasEnded({ experiment, version }) {
          asked.push(`${experiment} ${version}`);
          return experiment !== "running" && version === 1;
        },
      });
      expect(asked).toEqual(["npc-model 1", "npc-model 2", "recent 1", "running 1"]);
      expect(removed).toBe(1_700);
      const of = (experiment: string, version = 1) => allUnits(rows, { ...query([ACCEPTED]), experiment, version });
      expect(await of("npc-model")).toEqual([]);
      expect(await of("npc-model", 2)).toHaveLength(1);
      expect(await of("recent")).toMatchObject([{ calls: 2 }]);
      // The value of the call and that of its unit are needed here.
      expect(await of("running")).toMatchObject([{ metrics: [{ count: 1, ofUnit: 0.5 }] }]);
      await rows.add({
        exposures: ["u1", "u2"].map((unit) => exposureRow({ unit, callId: "c7", version: 3 })),
        observations: [],
      });
      const again = await of("npc-model", 3);
      expect(again.map(({ metrics }) => [metrics[0]?.count, metrics[0]?.ofUnit])).toEqual([
        [0, null],
        [0, null],
      ]);
    });

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
