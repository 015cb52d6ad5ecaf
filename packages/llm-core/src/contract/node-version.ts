/** The minimum version of Node, as in `engines`. */
export const OLDEST_NODE = "22.19";

/** The members of `process.versions` that are read. */
export type RuntimeVersions = Readonly<Record<string, string | undefined>>;

/** An error message if this version of Node is too old; `null`: it is supported, or the platform is not Node. */
export function oldNodeProblem({ node, bun, deno }: RuntimeVersions): string | null {
  // Bun and Deno name a version of Node for others to go by, and have what is needed.
  if (node === undefined || bun !== undefined || deno !== undefined) return null;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld ? `Babylon LLM needs Node ${OLDEST_NODE} or newer, and this is Node ${node}` : null;
}

/** Throws where Node is too old: otherwise the first thing that it lacks would fail somewhere, under its own name. */
export function requireNode(): void {
  const { process } = globalThis as { process?: { versions?: RuntimeVersions } };
  const problem = oldNodeProblem(process?.versions ?? {});
  if (problem !== null) throw new Error(problem);
}
