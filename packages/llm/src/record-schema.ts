import { isRecord, type JsonSchemaWithValidate, type JsonValue } from "@babylon/llm-core";

/** The schema of the older class: the required fields, and JSON Schemas of fields. */
export interface RecordSchema {
  readonly required?: readonly string[] | undefined;
  /** JSON Schemas by field. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** Converts the older schema for `generateObject`: any JSON object with the required fields. */
export function fromRecordSchema({
  required = [],
  properties = {},
}: RecordSchema): JsonSchemaWithValidate<Record<string, JsonValue>> {
  // Required fields without a schema are listed too, so that the model knows their names.
  const named = Object.fromEntries(required.map((field) => [field, {}]));
  return {
    jsonSchema: {
      type: "object",
      properties: { ...named, ...properties },
      required: [...required],
      additionalProperties: true,
    },
    validate(value) {
      if (!isRecord(value)) return { issues: [{ message: "expected an object", path: [] }] };
      const missing = required.filter((field) => !Object.hasOwn(value, field));
      const issues = missing.map((field) => ({ message: "expected a value (required)", path: [field] }));
      // The value was parsed from JSON.
      return issues.length > 0 ? { issues } : { value: value as Record<string, JsonValue> };
    },
  };
}
