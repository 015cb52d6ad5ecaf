import { isRecord } from "@babylon/llm-core";

/** A nested schema and its path: `["properties", "tags", "items"]`. */
export interface SchemaNode {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly path: readonly string[];
}

const NAMED = ["properties", "$defs", "definitions"] as const;
const LISTED = ["anyOf", "oneOf", "allOf", "prefixItems"] as const;
const SINGLE = ["items", "additionalProperties", "not"] as const;

/** Visits a schema and all nested schemas, outermost first. */
export function* walkSchema(schema: unknown, path: readonly string[] = []): Generator<SchemaNode> {
  if (!isRecord(schema)) return;
  yield { schema, path };
  for (const key of NAMED) {
    const group = schema[key];
    if (!isRecord(group)) continue;
    for (const [name, inner] of Object.entries(group)) yield* walkSchema(inner, [...path, key, name]);
  }
  for (const key of LISTED) {
    const group = schema[key];
    if (!Array.isArray(group)) continue;
    for (const [index, inner] of group.entries()) yield* walkSchema(inner, [...path, key, String(index)]);
  }
  for (const key of SINGLE) yield* walkSchema(schema[key], [...path, key]);
}

/** Whether a schema describes an object. */
export const isObjectSchema = (schema: Readonly<Record<string, unknown>>): boolean =>
  schema.type === "object" || (Array.isArray(schema.type) && schema.type.includes("object"));
