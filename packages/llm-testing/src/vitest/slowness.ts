import { cpuMs } from "./cpu-ms.ts";

/** The probe's time on the idle two-core reference machine (Node 24.21, 2026-11). */
const QUIET_MS = 14;

const PROBE = `[${'{"id":1},'.repeat(111_110)}{"id":1}]`;

/**
 * The factor by which this machine is currently slower than the reference machine, at least 1. Measured by parsing a megabyte of small objects
 * with `JSON.parse`. Shared cores increase CPU time as well.
 */
export function slowness(): number {
  const times = 3;
  const start = cpuMs();
  for (let round = 0; round < times; round += 1) JSON.parse(PROBE);
  return Math.max(1, (cpuMs() - start) / times / QUIET_MS);
}
