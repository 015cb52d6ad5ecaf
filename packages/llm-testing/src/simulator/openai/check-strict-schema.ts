import { isRecord } from "@babylon/llm-core";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { isObjectSchema, type SchemaNode, walkSchema } from "../walk-schema.ts";

/**
 * Keywords that strict mode refuses as `not permitted`: OpenAI's list of unsupported keywords, and `default` and limits of lengths, which were
 * observed to be refused.
 */
const NOT_PERMITTED = [
  "allOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
  "patternProperties",
  "propertyNames",
  "minProperties",
  "maxProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contains",
  "minContains",
  "maxContains",
  "uniqueItems",
  "minLength",
  "maxLength",
  "default",
] as const;

/**
 * Refuses a schema outside OpenAI's strict subset, with OpenAI's messages (observed 2024 to 2026).
 *
 * @param subject - `response_format 'NAME'` or `function 'NAME'`
 */
export function checkStrictSchema(schema: unknown, subject: string, path: string, code: string | null): void {
  const refuse = (node: SchemaNode, what: string): never => {
    const context = node.path.map((step) => `'${step}'`).join(", ");
    const closed = node.path.length === 1 ? `(${context},)` : `(${context})`;
    throw new RequestRefusedError("schema", path, `Invalid schema for ${subject}: In context=${closed}, ${what}`, code);
  };
  if (!isRecord(schema) || schema.type !== "object" || "anyOf" in schema) {
    const got = isRecord(schema) ? JSON.stringify(schema.type ?? "None") : "None";
    const message = `Invalid schema for ${subject}: schema must be a JSON Schema of 'type: "object"', got 'type: ${got}'.`;
    throw new RequestRefusedError("schema", path, message, code);
  }
  for (const node of walkSchema(schema)) {
    for (const keyword of NOT_PERMITTED) {
      if (keyword in node.schema) refuse(node, `'${keyword}' is not permitted.`);
    }
    if (!isObjectSchema(node.schema)) continue;
    if (node.schema.additionalProperties !== false) {
      refuse(node, "'additionalProperties' is required to be supplied and to be false.");
    }
    const names = isRecord(node.schema.properties) ? Object.keys(node.schema.properties) : [];
    const required: readonly unknown[] = Array.isArray(node.schema.required) ? node.schema.required : [];
    const missing = names.find((name) => !required.includes(name));
    if (missing !== undefined) {
      refuse(
        node,
        `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`,
      );
    }
  }
}
