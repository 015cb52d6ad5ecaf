import type { AttemptContext } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { BodyTooLargeError } from "../http/body-too-large.ts";
import { listLimit } from "../http/byte-limit.ts";
import { networkError } from "./network-error.ts";

/**
 * For a list of models that comes in several replies, each of which is within the limit.
 *
 * @param length - of all replies so far, characters
 * @throws LLMError `invalid_response` when they are larger together than one may be
 */
export function checkListLength(
  length: number,
  { maxResponseBytes, signal }: Pick<AttemptContext, "maxResponseBytes" | "signal">,
  facts: AttemptFacts,
): void {
  const limit = listLimit(maxResponseBytes);
  if (length > limit.bytes) throw networkError(new BodyTooLargeError(limit), signal, facts);
}
