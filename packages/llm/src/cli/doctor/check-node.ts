import type { Finding } from "./finding.ts";

/** The oldest Node that the packages support, as `engines` says. */
const OLDEST: readonly [major: number, minor: number] = [22, 19];

/** Whether a version of Node is new enough. Pure. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const old = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return {
    about: "node",
    verdict: old ? "bad" : "good",
    says: `version ${version}`,
    fix: old ? `install Node ${OLDEST.join(".")} or newer` : null,
  };
}
