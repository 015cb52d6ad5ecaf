import type { FinishReason } from "@babylon/llm-core";
import { type FailedFinish, failedFinish, finishWord, isNoFinish, stringField } from "@babylon/provider-kit";

/**
 * Reasons that pause a turn, which goes on when it is sent back: for tools that run on the server, and for a summary of the conversation
 * (Messages API, 2026-11). Such a turn may have neither text nor tool calls.
 */
const PAUSES: ReadonlySet<string> = new Set(["pause_turn", "compaction"]);

/** The `stop_reason` of a message or a delta; `null` if there is none yet, also where a gateway says so in a word. */
export function stopReasonOf(message: unknown): string | null {
  const reason = stringField(message, "stop_reason");
  return reason === null || isNoFinish(reason) ? null : reason;
}

/** Whether a stop reason only pauses a turn. */
export const isPause = (stopReason: string | null): boolean =>
  stopReason !== null && PAUSES.has(stopReason.toLowerCase());

/**
 * A stop reason in the common vocabulary, in any case: Anthropic's (`@anthropic-ai/sdk` 1.12, StopReason, 2026-11), and those that
 * gateways pass on from others; `null` for one that is not known. `model_context_window_exceeded` is a `length`: the prompt was taken,
 * but the answer did not fit behind it.
 */
export function mapFinishReason(stopReason: string): FinishReason | null {
  return isPause(stopReason) ? "other" : finishWord(stopReason);
}

/** The reason of a whole answer. Gateways end answers with tool calls with `end_turn` as well; an unknown reason is `other`. */
export function finishReasonOf(stopReason: string | null, hasCalls: boolean): FinishReason {
  const reason = stopReason === null ? null : mapFinishReason(stopReason);
  return reason === "stop" && hasCalls ? "tool-calls" : (reason ?? "other");
}

/** What a stop reason stands for that means a failure of the server, as gateways write it; `null` for every other one. */
export function failureOf(stopReason: string): FailedFinish | null {
  return mapFinishReason(stopReason) === null ? failedFinish(stopReason) : null;
}
