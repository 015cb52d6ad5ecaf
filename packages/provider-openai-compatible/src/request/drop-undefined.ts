import type { JsonObject, JsonValue } from "@babylon/llm-core";

/** An object without the fields that are `undefined`, so that a wire body can name every field it may hold. */
export function dropUndefined(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
