import { OLDEST_NODE, oldNodeProblem } from "@babylon/llm-core";
import type { Finding } from "./finding.ts";

/** Whether a version of Node is new enough. Pure. */
export function checkNode(version: string): Finding {
  const isOld = oldNodeProblem({ node: version }) !== null;
  return {
    about: "node",
    verdict: isOld ? "bad" : "good",
    message: `version ${version}`,
    fix: isOld ? `install Node ${OLDEST_NODE} or newer` : null,
  };
}
