import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";
import type { AssistantMessage } from "./message.ts";
import type { FinishReason } from "./model-answer.ts";
import type { ToolCall } from "./tool.ts";
import type { Usage } from "./usage.ts";

/** Where text of two links was joined, because the caller asked for `onInterrupted: "continue"`. */
export interface Seam {
  /** The number of characters of `text` before the seam. */
  readonly at: number;
  readonly from: { readonly provider: string; readonly model: string };
  readonly to: { readonly provider: string; readonly model: string };
}

/** A finished call: the answer, who gave it, and what it took. */
export interface TextResult {
  readonly text: string;
  /** What the model showed of its reasoning; `null` when it showed none. */
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** To be appended to the messages for the next turn. */
  readonly message: AssistantMessage;
  readonly finishReason: FinishReason;
  /** The vendor's own word. */
  readonly rawFinishReason: string | null;
  /** Of the attempt that served. */
  readonly usage: Usage;
  /** Of all attempts; a number is `null` when any attempt did not tell it: `knownUsage(attempts)` has the part that is known. */
  readonly totalUsage: Usage;
  /** Of all attempts: with an unknown part `nanoUsd` is `null` and the bounds are sums. `null` without a pricer. */
  readonly cost: Cost | null;
  readonly provider: string;
  /** The model the request named. */
  readonly model: string;
  readonly responseId: string | null;
  readonly callId: string;
  /** Every attempt, in the order in which they started. */
  readonly attempts: readonly Attempt[];
  readonly seams: readonly Seam[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
  readonly durationMs: number;
  /** From the start of the call to the first text or tool call of the answer. */
  readonly firstTokenMs: number | null;
}
