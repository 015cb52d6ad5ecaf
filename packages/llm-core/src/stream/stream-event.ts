import type { Attempt } from "../attempt.ts";
import type { TextResult } from "../result.ts";
import type { ToolCall } from "../tool.ts";

/** Which link. */
export interface LinkName {
  readonly provider: string;
  readonly model: string;
}

/** What a text stream yields. */
export type StreamEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  /** A whole tool call. */
  | { readonly type: "tool-call"; readonly toolCall: ToolCall }
  /** An attempt has ended, well or not. */
  | { readonly type: "attempt"; readonly attempt: Attempt }
  /** All text shown so far is void: the answer starts again. */
  | { readonly type: "restart"; readonly discardedText: string; readonly from: LinkName; readonly to: LinkName }
  | { readonly type: "finish"; readonly result: TextResult };
