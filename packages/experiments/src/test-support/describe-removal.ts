import { beforeEach, describe, expect, test } from "vitest";
import type { EraseTarget, ExperimentRows } from "../rows/experiment-rows.ts";
import { ACCEPTED, AT, allUnits, exposureRow, query } from "./rows-to-test.ts";

/** The contract of removing rows. */
export function describeRemoval(rows: () => ExperimentRows): void {
  describe("erased", () => {
    const observe = (callId: string) => ({ of: { callId }, metric: "accepted", value: 1, at: AT }) as const;
    beforeEach(() =>
      rows().add({
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
      const units = await Promise.all(of.map((each) => allUnits(rows(), each)));
      const [shadow] = await rows().shadowSums(query([ACCEPTED]));
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
      expect(await rows().erase(target)).toBe(calls);
      expect(await left()).toEqual(expected);
      expect(await rows().erase(target)).toBe("callId" in target ? 1 : 0);
      // What was observed of an erased call is gone, too: the same call would have no value.
      const again = exposureRow({ callId: "c1", unit: "u3", version: 3 });
      await rows().add({ exposures: [again], observations: [] });
      const [unit] = await allUnits(rows(), { ...query([ACCEPTED]), version: 3 });
      expect(unit?.metrics[0]?.count).toBe(calls === 0 ? 1 : 0);
    });
  });

  test("removes versions that ended long ago, with what was observed of them and of nothing else", async () => {
    const many = Array.from({ length: 1_700 }, (_, call) => exposureRow({ unit: `u${call % 3}`, callId: `c${call}` }));
    await rows().add({
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
    const removed = await rows().prune({
      before: AT + 10,
      hasEnded({ experiment, version }) {
        asked.push(`${experiment} ${version}`);
        return experiment !== "running" && version === 1;
      },
    });
    expect(asked).toEqual(["npc-model 1", "npc-model 2", "recent 1", "running 1"]);
    expect(removed).toBe(1_700);
    const of = (experiment: string, version = 1) => allUnits(rows(), { ...query([ACCEPTED]), experiment, version });
    expect(await of("npc-model")).toEqual([]);
    expect(await of("npc-model", 2)).toHaveLength(1);
    expect(await of("recent")).toMatchObject([{ calls: 2 }]);
    // The value of the call and that of its unit are needed here.
    expect(await of("running")).toMatchObject([{ metrics: [{ count: 1, ofUnit: 0.5 }] }]);
    await rows().add({
      exposures: ["u1", "u2"].map((unit) => exposureRow({ unit, callId: "c7", version: 3 })),
      observations: [],
    });
    const again = await of("npc-model", 3);
    expect(again.map(({ metrics }) => [metrics[0]?.count, metrics[0]?.ofUnit])).toEqual([
      [0, null],
      [0, null],
    ]);
  });
}
