import type { BodyIssue } from "../contract.ts";
import { AdminError } from "./admin-error.ts";

const MAX_ISSUES = 10;
/** Longer than the path of any field; a name of a body can be 64 KiB long. */
const MAX_PATH = 500;

/** The refusal of a body; the message names the first thing that is wrong with it. */
export function invalidBody(issues: readonly BodyIssue[]): AdminError {
  const listed = issues.slice(0, MAX_ISSUES).map(({ path, message }) => ({ path: path.slice(0, MAX_PATH), message }));
  const [first] = listed;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  return new AdminError("invalid_body", `Invalid request body: ${where}${first?.message ?? "not as expected"}`, {
    issues: listed,
  });
}
