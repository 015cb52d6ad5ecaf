import type { FinishReason } from "@babylon/llm-core";

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

/** Anthropic's stop reason in the common vocabulary; one that is not known is `other`. */
export function mapFinishReason(stopReason: string | null): FinishReason {
  if (stopReason === null || !Object.hasOwn(FINISH_REASONS, stopReason)) return "other";
  return FINISH_REASONS[stopReason] ?? "other";
}
