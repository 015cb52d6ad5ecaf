import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish } from "@babylon/provider-kit";

/** Anthropic's stop reasons (`@anthropic-ai/sdk` 1.12, StopReason, 2026-11). */
const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  // The prompt was taken, but the answer did not fit behind it.
  model_context_window_exceeded: "length",
  tool_use: "tool-calls",
  refusal: "content-filter",
  // A long turn of server-side tools was paused and could be resumed by sending it back.
  pause_turn: "other",
};

/** Anthropic's stop reason in the common vocabulary, in any case; `null` for one that is not known. */
export function mapFinishReason(stopReason: string): FinishReason | null {
  const word = stopReason.toLowerCase();
  return Object.hasOwn(FINISH_REASONS, word) ? (FINISH_REASONS[word] ?? null) : null;
}

/** What a stop reason stands for that means a failure of the server, as gateways write it; `null` for every other one. */
export function failureOf(stopReason: string): FailedFinish | null {
  return mapFinishReason(stopReason) === null ? failedFinish(stopReason) : null;
}
