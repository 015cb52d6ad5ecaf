import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish } from "@babylon/provider-kit";

/**
 * The reasons of this family in small letters: OpenAI's four, and what servers with another wire behind them pass through
 * (Anthropic, Gemini, Mistral, TGI; 2026-11).
 */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  stop_sequence: "stop",
  end_turn: "stop",
  eos: "stop",
  eos_token: "stop",
  length: "length",
  max_tokens: "length",
  max_output_tokens: "length",
  model_length: "length",
  tool_calls: "tool-calls",
  tool_use: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
  refusal: "content-filter",
  safety: "content-filter",
  recitation: "content-filter",
  blocklist: "content-filter",
  prohibited_content: "content-filter",
  spii: "content-filter",
};

/**
 * What a finish reason says about the answer that it ends: whole, with the reason in the common vocabulary; a failure of the server;
 * or nothing that anyone knows, and then only the wire's end marker makes the answer whole.
 */
export type Finish =
  | { readonly type: "whole"; readonly reason: FinishReason }
  | { readonly type: "failed"; readonly failure: FailedFinish }
  | { readonly type: "unknown" };

const UNKNOWN: Finish = { type: "unknown" };

/** Reads a finish reason of this family, in any case. */
export function readFinish(reason: string): Finish {
  const word = reason.toLowerCase();
  const known = Object.hasOwn(REASONS, word) ? REASONS[word] : undefined;
  if (known !== undefined) return { type: "whole", reason: known };
  const failure = failedFinish(reason);
  return failure === null ? UNKNOWN : { type: "failed", failure };
}

/** What else the answer showed. */
interface Seen {
  readonly toolCalls: boolean;
  /** The text is the model's refusal (`message.refusal`). */
  readonly refusal: boolean;
}

/**
 * The finish reason of a whole answer in the common vocabulary. A refusal is a `content-filter` whatever the vendor calls it, and an
 * answer with tool calls that "stopped" (as with a named tool choice) stopped for them. `other`: nobody knows the reason.
 *
 * @param reason - `null`: the vendor gave none, and its end marker was enough
 */
export function mapFinishReason(reason: string | null, seen: Seen): FinishReason {
  if (seen.refusal) return "content-filter";
  const finish: Finish = reason === null ? { type: "whole", reason: "stop" } : readFinish(reason);
  if (finish.type !== "whole") return "other";
  return finish.reason === "stop" && seen.toolCalls ? "tool-calls" : finish.reason;
}
