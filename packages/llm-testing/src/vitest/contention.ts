/**
 * The factor by which this process is currently slowed down by other processes on the same cores, at least 1. For tests of real time, whose
 * limits assume an idle machine. Takes 100 ms of CPU.
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
