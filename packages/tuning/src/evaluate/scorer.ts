import type { JsonValue } from "@babylon/llm-core";
import type { ChatExample, ChatMessage } from "../dataset/chat-example.ts";

/** An answer to score; empty: the call failed. */
export interface ScoredAnswer {
  readonly text: string;
  readonly toolCalls: readonly { readonly name: string; readonly input: JsonValue }[];
}

/** What a scorer gets. */
export interface ScorerInput {
  readonly example: ChatExample;
  /** The answer of the data set. */
  readonly expected: ChatMessage;
  /** The last message of the user. */
  readonly question: string;
  readonly candidate: ScoredAnswer;
  readonly baseline: ScoredAnswer;
}

/** Scores two answers to the same example, from 0 to 1. */
export interface Scorer {
  readonly name: string;
  /** Whether it compares the two: where one call failed, the other answer has 1, and it is not asked. Default false. */
  readonly compares?: boolean | undefined;
  /** `null`: it cannot say, and the pair is left out. */
  score(input: ScorerInput): Promise<{ readonly candidate: number; readonly baseline: number } | null>;
}
