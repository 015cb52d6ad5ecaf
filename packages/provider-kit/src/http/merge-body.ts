import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";

/**
 * Merges a caller's fields into a wire object: objects field by field, everything else is replaced. A caller who sets one field of an object
 * keeps the adapter's other fields.
 */
export function mergeBody(body: JsonObject, own: JsonObject | undefined): JsonObject {
  if (own === undefined) return body;
  const merged = new Map<string, JsonValue>(Object.entries(body));
  for (const [name, value] of Object.entries(own)) {
    const present = merged.get(name);
    merged.set(name, isJsonObject(present) && isJsonObject(value) ? mergeBody(present, value) : value);
  }
  return Object.fromEntries(merged);
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isRecord(value);
}
