import type { FinishReason } from "@babylon/llm-core";

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
};

/** Words for an answer that the server gave up on: vLLM's `abort`, the `error` of gateways. */
const GIVEN_UP: ReadonlySet<string> = new Set(["abort", "error"]);

/** Whether a finish reason means that the answer is a piece of one. */
export function isGivenUp(reason: string | null): boolean {
  return reason !== null && GIVEN_UP.has(reason);
}

/** What else the answer showed. */
interface Seen {
  readonly toolCalls: boolean;
  /** The text is the model's refusal (`message.refusal`). */
  readonly refusal: boolean;
}

/**
 * The vendor's finish reason in the common vocabulary. A refusal is a `content-filter` whatever the vendor calls it, and an answer
 * with tool calls that "stopped" (as with a named tool choice) stopped for them.
 *
 * @param reason - `null`: the vendor gave none, and its end marker was enough
 */
export function mapFinishReason(reason: string | null, seen: Seen): FinishReason {
  if (seen.refusal) return "content-filter";
  if ((reason === null || reason === "stop") && seen.toolCalls) return "tool-calls";
  if (reason === null) return "stop";
  return Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? "other") : "other";
}
