import type { Message } from "../contract/message.ts";

/**
 * The id itself where nobody has it, else with the first number behind it that makes it unique. Deterministic.
 *
 * @param maxLength - of the result; the id is cut for it
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

/** The ids of all tool calls of a conversation. */
export function toolIdsOf(conversation: readonly Message[]): Set<string> {
  const ids = new Set<string>();
  for (const { role, content } of conversation) {
    if (role !== "assistant" || typeof content === "string") continue;
    for (const part of content) if (part.type === "tool-call") ids.add(part.id);
  }
  return ids;
}
