import type { Attempt, LLMErrorCode } from "@babylon/llm-core";

/** The stages of a tick, in display order. Posts and decisions run concurrently. */
export const STAGES = ["posts", "decisions", "articles", "questions", "agents"] as const;

/** One of the stages of a tick. */
export type Stage = (typeof STAGES)[number];

/** A call that failed on every link. */
export interface LostCall {
  readonly callId: string;
  readonly stage: Stage;
  /** The purpose of the call, for display: `post by Hob Tunnicliffe`. */
  readonly what: string;
  /** The error's code; `null` if the error is not an error of the client. */
  readonly code: LLMErrorCode | null;
  readonly message: string;
  /** The outcomes of its requests, in order; empty without requests. */
  readonly attempts: readonly { readonly provider: string; readonly code: LLMErrorCode; readonly message: string }[];
}

/** An event of a tick, for progress displays. */
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
      /** A description of the requested products, for display. */
      readonly what: string;
    }
  | { readonly type: "attempt"; readonly stage: Stage; readonly callId: string; readonly attempt: Attempt }
  | { readonly type: "call-served"; readonly stage: Stage; readonly callId: string; readonly provider: string }
  | { readonly type: "call-lost"; readonly stage: Stage; readonly lost: LostCall }
  | { readonly type: "stage-finished"; readonly stage: Stage; readonly durationMs: number };
