import type { JsonObject, JsonValue } from "@babylon/llm-core";

/** Fields whose text is appended to that of the previous piece; all others replace it. */
const TEXTS: ReadonlySet<string> = new Set(["text", "summary", "data"]);

/**
 * Appends pieces of `reasoning_details` (OpenRouter, MiniMax) from a chunk of a stream. Consecutive pieces with the same type and index are
 * joined.
 */
export function addReasoningDetails(
  details: readonly JsonObject[],
  pieces: readonly JsonObject[],
): readonly JsonObject[] {
  if (pieces.length === 0) return details;
  const all = [...details];
  for (const piece of pieces) {
    const last = all.at(-1);
    const isSame =
      last !== undefined && last.type === piece.type && last.index === piece.index && piece.index !== undefined;
    if (isSame) all[all.length - 1] = joined(last, piece);
    else all.push(piece);
  }
  return all;
}

function joined(before: JsonObject, piece: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = { ...before };
  for (const [name, value] of Object.entries(piece)) {
    const known = before[name];
    if (value === null) continue;
    result[name] = TEXTS.has(name) && typeof known === "string" && typeof value === "string" ? known + value : value;
  }
  return result;
}
