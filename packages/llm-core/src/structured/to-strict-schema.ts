import { isRecord, type JsonObject, type JsonValue } from "../contract/json.ts";
import { resolveRef } from "./check-json-schema.ts";

/** A schema of the strict dialect, or why there is none. */
export type StrictSchema =
  | { readonly ok: true; readonly schema: JsonObject }
  | { readonly ok: false; readonly reason: string };

/** Formats that vendors of strict schemas take (Anthropic and OpenAI, structured outputs, 2026). Others become words. */
const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);

/**
 * Constraints that not every vendor of strict schemas takes (Anthropic refuses the bounds, OpenAI the lengths; 2026). Where the
 * model does not, they are told in words, and the validator holds the answer to them.
 */
const CONSTRAINTS = [
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
] as const;

/** What no strict dialect expresses. */
const NEVER = [
  "not",
  "if",
  "patternProperties",
  "prefixItems",
  "dependentSchemas",
  "dependentRequired",
  "contains",
] as const;

/** The bounds that zod writes for every integer; they say nothing. */
const SAFE = Number.MAX_SAFE_INTEGER;

class Inexpressible extends Error {}

/**
 * Rewrites a schema for vendors that hold the model to it: every member required, optional ones nullable, no others allowed, no
 * references. The answer has to go through `unWiden`.
 *
 * @param keywords - constraints the model takes in a strict schema
 */
export function toStrictSchema(schema: JsonObject, keywords: readonly string[] = []): StrictSchema {
  try {
    return { ok: true, schema: strict(schema, { root: schema, path: "$", refs: [], keywords }) };
  } catch (thrown) {
    if (thrown instanceof Inexpressible) return { ok: false, reason: thrown.message };
    throw thrown;
  }
}

interface Place {
  readonly root: JsonObject;
  readonly path: string;
  readonly refs: readonly string[];
  readonly keywords: readonly string[];
}

function strict(schema: unknown, place: Place): JsonObject {
  if (!isRecord(schema)) throw new Inexpressible(`${place.path} may be anything`);
  for (const keyword of NEVER)
    if (schema[keyword] !== undefined) throw new Inexpressible(`${place.path} uses ${keyword}`);
  if (typeof schema.$ref === "string") return strictRef(schema.$ref, schema, place);
  const words = describe(schema, place.keywords);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) {
    return {
      ...words,
      anyOf: alternatives.map((one, index) => strict(one, { ...place, path: `${place.path}|${index}` })),
    };
  }
  if (Array.isArray(schema.allOf)) {
    if (schema.allOf.length !== 1) throw new Inexpressible(`${place.path} uses allOf`);
    return { ...strict(schema.allOf[0], place), ...words };
  }
  if (schema.const !== undefined) return { ...typeOf([schema.const]), ...words, enum: [schema.const as JsonValue] };
  if (Array.isArray(schema.enum)) return { ...typeOf(schema.enum), ...words, enum: schema.enum as JsonValue[] };
  if (Array.isArray(schema.type)) {
    return {
      ...words,
      anyOf: schema.type.map((type: unknown) => strict({ ...schema, type, description: undefined }, place)),
    };
  }
  switch (schema.type ?? (isRecord(schema.properties) ? "object" : undefined)) {
    case "object":
      return { ...strictObject(schema, place), ...words };
    case "array":
      return { type: "array", ...words, items: strict(schema.items, { ...place, path: `${place.path}[]` }) };
    case "string":
    case "number":
    case "integer":
    case "boolean":
    case "null":
      return { type: schema.type as string, ...formatOf(schema), ...words };
    default:
      throw new Inexpressible(`${place.path} may be anything`);
  }
}

function strictRef(ref: string, schema: Record<string, unknown>, place: Place): JsonObject {
  if (place.refs.includes(ref) || ref === "#") throw new Inexpressible(`${place.path} refers to itself`);
  const target = resolveRef(ref, place.root);
  if (target === undefined) throw new Inexpressible(`${place.path} refers to ${ref}`);
  return { ...strict(target, { ...place, refs: [...place.refs, ref] }), ...describe(schema, place.keywords) };
}

function strictObject(schema: Record<string, unknown>, place: Place): JsonObject {
  const { additionalProperties, properties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== false) {
    throw new Inexpressible(`${place.path} has members of any name`);
  }
  if (!isRecord(properties)) throw new Inexpressible(`${place.path} does not name its members`);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members: Record<string, JsonObject> = {};
  for (const [name, below] of Object.entries(properties)) {
    const member = strict(below, { ...place, path: `${place.path}.${name}` });
    members[name] =
      required.includes(name) || acceptsNull(member, member) ? member : { anyOf: [member, { type: "null" }] };
  }
  return { type: "object", properties: members, required: Object.keys(members), additionalProperties: false };
}

/** Whether a schema lets `null` through. */
export function acceptsNull(schema: unknown, root: unknown): boolean {
  if (!isRecord(schema)) return schema === true;
  if (typeof schema.$ref === "string") {
    const target = resolveRef(schema.$ref, root);
    return target !== schema && acceptsNull(target, root);
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return alternatives.some((one) => acceptsNull(one, root));
  if (schema.const !== undefined) return schema.const === null;
  if (Array.isArray(schema.enum)) return schema.enum.includes(null);
  if (Array.isArray(schema.type)) return schema.type.includes("null");
  return schema.type === undefined ? schema.properties === undefined : schema.type === "null";
}

function typeOf(values: readonly unknown[]): JsonObject {
  const types = new Set(values.map((value) => (value === null ? "null" : typeof value)));
  const [only] = types;
  return types.size === 1 && only !== undefined ? { type: only } : {};
}

function formatOf(schema: Record<string, unknown>): JsonObject {
  return typeof schema.format === "string" && FORMATS.has(schema.format) ? { format: schema.format } : {};
}

/** The constraints the model takes, and the description with the others. */
function describe(schema: Record<string, unknown>, keywords: readonly string[]): JsonObject {
  const words: string[] = typeof schema.description === "string" ? [schema.description] : [];
  const kept: Record<string, JsonValue> = {};
  const { format } = schema;
  if (typeof format === "string" && !FORMATS.has(format)) words.push(`format: ${format}`);
  for (const keyword of CONSTRAINTS) {
    const value = schema[keyword];
    if (value === undefined || value === false || Math.abs(Number(value)) === SAFE) continue;
    // The pattern of a known format is long and repeats it.
    if (keyword === "pattern" && typeof format === "string") continue;
    if (keywords.includes(keyword)) kept[keyword] = value as JsonValue;
    else words.push(`${keyword}: ${String(value)}`);
  }
  return words.length === 0 ? kept : { ...kept, description: words.join("; ") };
}
