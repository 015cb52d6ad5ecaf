import type { JsonObject, JsonValue } from "@babylon/llm-core";

/** Removes the fields that are `undefined`, so that a wire body can name every field it may have. */
export function dropUndefined(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const defined: Record<string, JsonValue> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined) defined[name] = value;
  }
  return defined;
}
