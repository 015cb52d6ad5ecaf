import { spawnSync } from "node:child_process";

/**
 * Whether a runtime is not installed, so that its tests have to be skipped; prints a warning. With `CI=true` a missing runtime is an
 * error. The runtimes are not dependencies: each would add more than 100 MB to every install.
 *
 * @param command - also its name on npm
 */
export function isCommandMissing(command: string): boolean {
  if (spawnSync(command, ["--version"]).status === 0) return false;
  const reason = `${command} is not installed on this machine (npm install --global ${command})`;
  if (process.env.CI === "true") throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}
