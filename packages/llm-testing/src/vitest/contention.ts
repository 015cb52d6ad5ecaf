/**
 * How many times slower than alone this process runs now, because others want the same cores. At least 1. For tests of real time, whose
 * limits are those of a machine with nothing else on it. Takes 100 ms of CPU.
 */
export function contention(): number {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let cpuMs = 0;
  while (cpuMs < 100) {
    const { user, system } = process.cpuUsage(before);
    cpuMs = (user + system) / 1_000;
  }
  return Math.max(1, (performance.now() - startedAt) / cpuMs);
}
