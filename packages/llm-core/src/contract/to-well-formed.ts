/**
 * Replaces lone surrogates by U+FFFD in every string of a value, names of members included. A text that was cut within an emoji ends in
 * one; Anthropic and OpenAI refuse a body with it as invalid JSON (2026). Returns the value itself when nothing has to be changed.
 */
export function toWellFormed<T>(value: T): T {
  // The common case is decided without an allocation. Rebuilding changes strings only, so the type stays.
  return isWellFormed(value) ? value : (wellFormed(value) as T);
}

/** Objects with a `toJSON` method count as not well-formed: what they write is only known after the call. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  if ("toJSON" in value && typeof value.toJSON === "function") return false;
  for (const name in value) {
    if (!name.isWellFormed() || !isWellFormed(Reflect.get(value, name))) return false;
  }
  return true;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return wellFormedList(value);
  // As `JSON.stringify` writes it.
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
