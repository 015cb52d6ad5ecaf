import type { Message } from "../contract/message.ts";

/**
 * Returns the id if it is not taken, else the id with the lowest suffix (`_2`, `_3`, …) that makes it unique. Deterministic.
 *
 * @param maxLength - maximum length of the result; a longer id is cut
 */
export function uniqueId(
  wanted: string,
  taken: { has(id: string): boolean },
  maxLength: number = Number.POSITIVE_INFINITY,
): string {
  let id = wanted.slice(0, maxLength);
  for (let number = 2; taken.has(id); number += 1) {
    const end = `_${number}`;
    id = wanted.slice(0, Math.max(0, maxLength - end.length)) + end;
  }
  return id;
}

/** Collects the ids of all tool calls of a conversation. */
export function toolIdsOf(conversation: readonly Message[]): Set<string> {
  const ids = new Set<string>();
  for (const { role, content } of conversation) {
    if (role !== "assistant" || typeof content === "string") continue;
    for (const part of content) if (part.type === "tool-call") ids.add(part.id);
  }
  return ids;
}
