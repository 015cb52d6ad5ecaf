import type { ExperimentLook } from "@babylon/admin-api/contract";
import { expect, test } from "vitest";
import { reachOf } from "./course-view.tsx";

const look = (...intervals: readonly (readonly [number, number] | null)[]): ExperimentLook => ({
  at: 0,
  units: 2,
  comparison: intervals.map((interval, at) => ({
    arm: `arm-${at}`,
    units: 2,
    difference: 0,
    interval,
    relative: null,
    relativeInterval: null,
    p: null,
    probabilityBetter: null,
  })),
});

test.each<[string, readonly ExperimentLook[], number | null]>([
  ["no looks", [], null],
  ["no intervals", [look(null)], null],
  ["an interval of nothing", [look([0, 0])], null],
  ["the widest of all arms and looks", [look([-0.5, 2], null), look([-3, 1], [0, 1])], 3],
])("the bars reach as far as %s", (_, looks, reach) => {
  expect(reachOf(looks)).toBe(reach);
});
