import type { Attempt } from "../contract/attempt.ts";
import type { TextResult } from "../contract/result.ts";
import type { ToolCall } from "../contract/tool.ts";

/** Identifies a link. */
export interface LinkName {
  readonly provider: string;
  readonly model: string;
}

/** What a text stream yields. */
export type StreamEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  /**
   * The reasoning shown of an attempt is not part of the answer, because the attempt failed or another link answered first. `discardedText`
   * is all of it. Follows the `attempt` event of a failed attempt, and precedes a `restart`.
   */
  | { readonly type: "reasoning-discarded"; readonly discardedText: string; readonly from: LinkName }
  /** A complete tool call. */
  | { readonly type: "tool-call"; readonly toolCall: ToolCall }
  /** An attempt has ended, with or without success. */
  | { readonly type: "attempt"; readonly attempt: Attempt }
  /** All text and tool calls shown so far are void: the answer starts again. */
  | { readonly type: "restart"; readonly discardedText: string; readonly from: LinkName; readonly to: LinkName }
  | { readonly type: "finish"; readonly result: TextResult };
