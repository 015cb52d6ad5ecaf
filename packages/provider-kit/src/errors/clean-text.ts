import { redact } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { hidePrompt } from "./hide-prompt.ts";

/** Longest vendor text an error keeps. */
const MAX_LENGTH = 500;

/**
 * A vendor's text as it may stand in an error: on one line, without keys, without what it quotes of the
 * prompt, 500 characters at most.
 */
export function cleanText(text: string, facts: Pick<AttemptFacts, "secrets" | "prompt">): string {
  // Keys and quotations may lie across the cut, so it comes last; the one before only keeps the work small.
  const enough = text.slice(0, 2 * MAX_LENGTH);
  const clean = hidePrompt(redact(enough, facts.secrets), facts.prompt?.() ?? [])
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH - 1)}…` : clean;
}
