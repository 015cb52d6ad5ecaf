/** The CPU time so far; of this thread only where the platform supports it (Node 23.9), so that concurrent tests do not count. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}
