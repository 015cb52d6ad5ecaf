import type { JsonObject, JsonValue } from "@babylon/llm-core";

/** What of a piece goes on with the one before; everything else replaces it. */
const TEXTS: ReadonlySet<string> = new Set(["text", "summary", "data"]);

/**
 * Adds pieces of `reasoning_details` (OpenRouter, MiniMax), as they come in the chunks of a stream, to those that have come: pieces of the
 * same type and index are one.
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
