import { cpuMs } from "./cpu-ms.ts";

/** What the probe takes on the two cores that the limits were set on, while nothing else runs (Node 24.21, 2026-11). */
const QUIET_MS = 14;

const PROBE = `[${'{"id":1},'.repeat(111_110)}{"id":1}]`;

/**
 * How many times slower than that machine this one is just now, at least 1: the time in which the platform's own parser reads a
 * megabyte of small objects. Cores that are shared with other work make everything slower, also as CPU time.
 */
export function slowness(): number {
  const times = 3;
  const start = cpuMs();
  for (let round = 0; round < times; round += 1) JSON.parse(PROBE);
  return Math.max(1, (cpuMs() - start) / times / QUIET_MS);
}
