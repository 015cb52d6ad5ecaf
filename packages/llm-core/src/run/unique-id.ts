import type { Message } from "../contract/message.ts";

/** The next suffix to try for a set of taken ids, by the start of the id and the number of digits of the suffix. */
const nextSuffixes = new WeakMap<object, Map<string, number>>();

/**
 * Returns the id if it is not taken, else the id with the lowest suffix (`_2`, `_3`, …) that makes it unique. Deterministic.
 *
 * @param taken - ids may only be added to it: the suffixes that were found taken are not tried again
 * @param maxLength - maximum length of the result; a longer id is cut
 */
export function uniqueId(
  wanted: string,
  taken: { has(id: string): boolean },
  maxLength: number = Number.POSITIVE_INFINITY,
): string {
  const plain = wanted.slice(0, maxLength);
  return taken.has(plain) ? withSuffix(wanted, taken, maxLength) : plain;
}

/** Stores the suffixes by their prefix, because different ids can become equal when they are truncated. */
function withSuffix(wanted: string, taken: { has(id: string): boolean }, maxLength: number): string {
  const next = nextSuffixesOf(taken);
  for (let digits = 1; ; digits += 1) {
    const start = `${wanted.slice(0, Math.max(0, maxLength - 1 - digits))}_`;
    const key = start + digits;
    const end = 10 ** digits;
    let number = next.get(key) ?? Math.max(2, end / 10);
    while (number < end && taken.has(start + number)) number += 1;
    next.set(key, number);
    if (number < end) return start + number;
  }
}

function nextSuffixesOf(taken: object): Map<string, number> {
  const known = nextSuffixes.get(taken);
  if (known !== undefined) return known;
  const created = new Map<string, number>();
  nextSuffixes.set(taken, created);
  return created;
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
