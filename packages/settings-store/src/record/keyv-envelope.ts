/**
 * Keyv stores `{"value":...}` as JSON and marks strings that begin with a colon with a second one (keyv 5.6 `@keyv/serialize`,
 * keyv 6.1 `KeyvJsonSerializer`). The same form here lets a plain `keyv.get(key)` read the record.
 */
export function toKeyvEnvelope(value: unknown): string {
  return JSON.stringify({ value }, (_, member: unknown) =>
    typeof member === "string" && member.startsWith(":") ? `:${member}` : member,
  );
}

/** The value of an envelope; `undefined` when the text is not one. */
export function fromKeyvEnvelope(raw: string): unknown {
  const parsed: unknown = parseJson(raw, (_, member: unknown) =>
    typeof member === "string" && member.startsWith(":") ? member.slice(1) : member,
  );
  return typeof parsed === "object" && parsed !== null && "value" in parsed ? parsed.value : undefined;
}

function parseJson(raw: string, reviver: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(raw, reviver);
  } catch {
    return undefined;
  }
}
