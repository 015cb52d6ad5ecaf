import { isLLMErrorCode, isRecord } from "@babylon/llm-core";
import type { VendorFact } from "../contract/facts.ts";

/** A fact as text, for channels and rows. */
export const toFactMessage = ({ key, code, forMs, from = null }: VendorFact): string =>
  JSON.stringify({ key, code, forMs, from });

/** Reads a fact; `null`: it is not one, as of a newer version. */
export function parseFactMessage(text: string): VendorFact | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return null;
    const { key, code, forMs, from } = value;
    if (typeof key !== "string" || !isLLMErrorCode(code) || typeof forMs !== "number" || !(forMs > 0)) return null;
    return { key, code, forMs, from: typeof from === "string" ? from : null };
  } catch {
    return null;
  }
}
