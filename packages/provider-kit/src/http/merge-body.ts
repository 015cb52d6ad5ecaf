import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";

/**
 * A wire object with a caller's own fields merged in: objects field by field, everything else replaced. So a caller who sets one
 * field of an object does not lose what the adapter put beside it.
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
