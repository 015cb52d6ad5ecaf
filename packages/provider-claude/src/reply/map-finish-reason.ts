import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish, finishWord, isNoFinish, stringField } from "@babylon/provider-kit";

/**
 * Reasons that pause a turn, which continues when it is sent back: for server-side tools, and for a compaction of the conversation (Messages
 * API, 2026-11). Such a turn may have neither text nor tool calls.
 */
const PAUSES: ReadonlySet<string> = new Set(["pause_turn", "compaction"]);

/** The `stop_reason` of a message or a delta; `null` if there is none yet, also if a gateway sends a word for that. */
export function stopReasonOf(message: unknown): string | null {
  const reason = stringField(message, "stop_reason");
  return reason === null || isNoFinish(reason) ? null : reason;
}

/** Whether a stop reason only pauses a turn. */
export const isPause = (stopReason: string | null): boolean =>
  stopReason !== null && PAUSES.has(stopReason.toLowerCase());

/**
 * Maps a stop reason, case-insensitive: Anthropic's (`@anthropic-ai/sdk` 1.12, StopReason, 2026-11), and those that gateways pass on from other
 * vendors; `null` if it is unknown. `model_context_window_exceeded` is `length`: the prompt fitted, but not the answer.
 */
export function mapFinishReason(stopReason: string): FinishReason | null {
  return isPause(stopReason) ? "other" : finishWord(stopReason);
}

/** The reason of a whole answer. Gateways end answers with tool calls with `end_turn` as well; an unknown reason is `other`. */
export function finishReasonOf(stopReason: string | null, hasCalls: boolean): FinishReason {
  const reason = stopReason === null ? null : mapFinishReason(stopReason);
  return reason === "stop" && hasCalls ? "tool-calls" : (reason ?? "other");
}

/** The failure that a gateway's stop reason reports; `null` for any other reason. */
export function failureOf(stopReason: string): FailedFinish | null {
  return mapFinishReason(stopReason) === null ? failedFinish(stopReason) : null;
}
