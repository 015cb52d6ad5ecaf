import type { Attempt, LLMErrorCode } from "@babylon/llm-core";

/** The parts of a tick, in the order in which they are listed. Posts and decisions run side by side. */
export const STAGES = ["posts", "decisions", "articles", "questions", "agents"] as const;

/** One of the parts of a tick. */
export type Stage = (typeof STAGES)[number];

/** A call that failed on every link. */
export interface LostCall {
  readonly callId: string;
  readonly stage: Stage;
  /** Whose call it was, for people: `post by Hob Tunnicliffe`. */
  readonly what: string;
  /** The error's code; `null` when what was thrown is no error of the client. */
  readonly code: LLMErrorCode | null;
  readonly message: string;
  /** What came of its requests, in order; empty when there was none. */
  readonly attempts: readonly { readonly provider: string; readonly code: LLMErrorCode; readonly message: string }[];
}

/** What happens during a tick, for whoever wants to show it. */
export type TickEvent =
  | {
      readonly type: "settings";
      /** The W&B model that the settings name; `null`: they name none. */
      readonly wandbModel: string | null;
      readonly version: number | null;
    }
  | {
      readonly type: "stage-started";
      readonly stage: Stage;
      readonly calls: number;
      /** What is about to be asked for, for people. */
      readonly what: string;
    }
  | { readonly type: "attempt"; readonly stage: Stage; readonly callId: string; readonly attempt: Attempt }
  | { readonly type: "call-served"; readonly stage: Stage; readonly callId: string; readonly provider: string }
  | { readonly type: "call-lost"; readonly stage: Stage; readonly lost: LostCall }
  | { readonly type: "stage-finished"; readonly stage: Stage; readonly durationMs: number };
