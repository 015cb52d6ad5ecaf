/** The CPU time so far: of this thread where the platform tells it (Node 23.9), so that tests beside this one do not count. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}
