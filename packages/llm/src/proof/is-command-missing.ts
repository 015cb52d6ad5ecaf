import { spawnSync } from "node:child_process";

/**
 * Whether tests have to be skipped because a runtime is not installed; says so once. With `CI=true` a missing one is an error
 * instead. None is a dependency: each would add more than 100 MB to every install.
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
