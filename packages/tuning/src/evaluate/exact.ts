import { isDeepStrictEqual } from "node:util";
import type { ChatMessage } from "../dataset/chat-example.ts";
import type { ScoredAnswer, Scorer } from "./scorer.ts";

/** 1 for an answer that equals the expected one: its text without outer white space, and its tool calls by name and arguments. */
export function exact(): Scorer {
  return {
    name: "exact",
    score: async ({ expected, candidate, baseline }) => ({
      candidate: isEqual(candidate, expected) ? 1 : 0,
      baseline: isEqual(baseline, expected) ? 1 : 0,
    }),
  };
}

function isEqual({ text, toolCalls }: ScoredAnswer, expected: ChatMessage): boolean {
  if (expected.role !== "assistant") return false;
  const calls = (expected.tool_calls ?? []).map(({ function: { name, arguments: json } }) => ({
    name,
    input: JSON.parse(json),
  }));
  return text.trim() === (expected.content ?? "").trim() && isDeepStrictEqual(toolCalls, calls);
}
