import { isRecord, type JsonSchemaWithValidate, type JsonValue } from "@babylon/llm-core";

/** The schema of the older callers: which fields a record must have, and what is known of each. */
export interface RecordSchema {
  readonly required?: readonly string[] | undefined;
  /** JSON Schemas by field. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** The older schema as one that `generateObject` takes: any JSON object, with the required fields present. */
export function fromRecordSchema({
  required = [],
  properties = {},
}: RecordSchema): JsonSchemaWithValidate<Record<string, JsonValue>> {
  // A model only writes what it is told of: a required field of which nothing else is known is named all the same.
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
      const issues = missing.map((field) => ({ message: "expected to be given", path: [field] }));
      // It was parsed from JSON.
      return issues.length > 0 ? { issues } : { value: value as Record<string, JsonValue> };
    },
  };
}
