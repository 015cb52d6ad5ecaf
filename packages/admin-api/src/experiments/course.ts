import type { ExperimentReport } from "@babylon/experiments/contract";
import type { ExperimentLook } from "../contract.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long ago earlier looks are: close to each other at the end, where it is decided. */
const AGES_MS = [56, 28, 14, 10, 7, 5, 3, 2, 1]
  .map((days) => days * DAY_MS)
  .concat([12, 6, 3, 1].map((hours) => hours * HOUR_MS));

/** Reads earlier looks and the one of now, the oldest first. Those before the first call are left out. */
export async function readCourse(
  report: (until: number) => Promise<ExperimentReport>,
  now: number,
): Promise<readonly ExperimentLook[]> {
  const looks: ExperimentLook[] = [];
  // From the latest on: before the first call there is nothing to read.
  for (const ageMs of [0, ...AGES_MS.toReversed()]) {
    const at = now - ageMs;
    const { units, comparison } = await report(at);
    if (units === 0) break;
    looks.unshift({ at, units, comparison });
  }
  return looks;
}
