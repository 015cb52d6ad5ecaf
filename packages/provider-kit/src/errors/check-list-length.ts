import type { AttemptContext } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { BodyTooLargeError } from "../http/body-too-large.ts";
import { listLimit } from "../http/byte-limit.ts";
import { networkError } from "./network-error.ts";

/**
 * Checks the total size of a paginated list of models, whose pages are each within the limit.
 *
 * @param length - characters of all pages so far
 * @throws LLMError `invalid_response` if their total exceeds the limit of a single list
 */
export function checkListLength(
  length: number,
  { maxResponseBytes, signal }: Pick<AttemptContext, "maxResponseBytes" | "signal">,
  facts: AttemptFacts,
): void {
  const limit = listLimit(maxResponseBytes);
  if (length > limit.bytes) throw networkError(new BodyTooLargeError(limit), signal, facts);
}
