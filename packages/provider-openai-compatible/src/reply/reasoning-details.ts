import type { JsonObject, JsonValue } from "@babylon/llm-core";
import { setMember } from "@babylon/provider-kit";

/** Fields whose text is appended to that of the previous piece; all others replace it. */
const TEXTS: ReadonlySet<string> = new Set(["text", "summary", "data"]);

/** A copy of a piece, to which further pieces may be joined. */
export type ReasoningDetail = Record<string, JsonValue>;

/**
 * Appends pieces of `reasoning_details` (OpenRouter, MiniMax) from a chunk of a stream. Consecutive pieces with the same type and index are
 * joined. Changes `details` in place, so that the time is linear in the pieces.
 */
export function addReasoningDetails(details: ReasoningDetail[], pieces: readonly JsonObject[]): void {
  for (const piece of pieces) {
    const last = details.at(-1);
    const isSame =
      last !== undefined && last.type === piece.type && last.index === piece.index && piece.index !== undefined;
    if (isSame) join(last, piece);
    else details.push({ ...piece });
  }
}

function join(detail: ReasoningDetail, piece: JsonObject): void {
  for (const [name, value] of Object.entries(piece)) {
    if (value === null) continue;
    const known = TEXTS.has(name) ? detail[name] : null;
    setMember(detail, name, typeof known === "string" && typeof value === "string" ? known + value : value);
  }
}
