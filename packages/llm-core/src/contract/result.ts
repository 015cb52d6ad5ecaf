import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";
import type { AssistantMessage } from "./message.ts";
import type { FinishReason } from "./model-answer.ts";
import type { ToolCall } from "./tool.ts";
import type { Usage } from "./usage.ts";

/** A position where the text of two links was joined (`onInterrupted: "continue"`). */
export interface Seam {
  /** The number of characters of `text` before the seam. */
  readonly at: number;
  readonly from: { readonly provider: string; readonly model: string };
  readonly to: { readonly provider: string; readonly model: string };
}

/** A finished call: answer, provider, usage and attempts. */
export interface TextResult {
  readonly text: string;
  /** The reasoning that the provider returned; `null`: none. */
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** Append this to the messages for the next turn. */
  readonly message: AssistantMessage;
  readonly finishReason: FinishReason;
  /** The finish reason as the vendor names it. */
  readonly rawFinishReason: string | null;
  /** Of the successful attempt. */
  readonly usage: Usage;
  /** Of all attempts. A number that any attempt did not report is `null`; `knownUsage(attempts)` returns the known part. */
  readonly totalUsage: Usage;
  /** Of all attempts. With an unknown part `nanoUsd` is `null` and the bounds are sums. `null` without a pricer. */
  readonly cost: Cost | null;
  readonly provider: string;
  /** The requested model. */
  readonly model: string;
  readonly responseId: string | null;
  readonly callId: string;
  /** All attempts, in the order of their start. */
  readonly attempts: readonly Attempt[];
  readonly seams: readonly Seam[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
  readonly durationMs: number;
  /** From the start of the call to the first text or tool call of the answer. */
  readonly firstTokenMs: number | null;
}
