import { redact } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { hidePrompt } from "./hide-prompt.ts";

/** Maximum length of a vendor text in an error. */
const MAX_LENGTH = 500;

/**
 * Prepares a vendor's text for an error: one line, keys and quotations of the prompt redacted, 500 characters at most.
 */
export function cleanText(text: string, facts: Pick<AttemptFacts, "secrets" | "prompt">): string {
  // Keys and quotations may span the final cut, so redaction comes first; the earlier cut only bounds the work.
  const enough = text.slice(0, 2 * MAX_LENGTH);
  const clean = hidePrompt(redact(enough, facts.secrets), facts.prompt?.() ?? [])
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH - 1)}…` : clean;
}
