/**
 * Encodes a value as Keyv does: `{"value":...}` as JSON, where strings that start with a colon get a second one (keyv 5.6
 * `@keyv/serialize`, keyv 6.1 `KeyvJsonSerializer`). So a plain `keyv.get(key)` reads the record.
 */
export function toKeyvEnvelope(value: unknown): string {
  return JSON.stringify({ value }, (_, member: unknown) =>
    typeof member === "string" && member.startsWith(":") ? `:${member}` : member,
  );
}

/** Decodes the value of an envelope; `undefined` for any other text. */
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
