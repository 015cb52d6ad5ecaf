/**
 * Replaces lone surrogates by U+FFFD in every string of a value, names of members included. A text that was cut within an emoji ends in
 * one; Anthropic and OpenAI refuse a body with it as invalid JSON (2026). Returns the value itself when nothing has to be changed.
 */
export function toWellFormed<T>(value: T): T {
  // Each case gives back what it was given, changed within its strings alone.
  return wellFormed(value) as T;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.isWellFormed() ? value : value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return wellFormedList(value);
  // As `JSON.stringify` is going to see it.
  if ("toJSON" in value && typeof value.toJSON === "function") return wellFormed(value.toJSON(""));
  return wellFormedMembers(value);
}

function wellFormedList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (const [index, item] of list.entries()) {
    const clean = wellFormed(item);
    if (copy === null && clean !== item) copy = [...list];
    if (copy !== null) copy[index] = clean;
  }
  return copy ?? list;
}

function wellFormedMembers(members: object): object {
  let isChanged = false;
  const entries = Object.entries(members).map(([name, member]): [string, unknown] => {
    const entry: [string, unknown] = [name.toWellFormed(), wellFormed(member)];
    isChanged ||= entry[0] !== name || entry[1] !== member;
    return entry;
  });
  return isChanged ? Object.fromEntries(entries) : members;
}
