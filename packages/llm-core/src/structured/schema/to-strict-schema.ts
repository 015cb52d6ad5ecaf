import { isRecord, type JsonObject, type JsonValue } from "../../contract/json.ts";
import type { StrictSchemaRules } from "../../contract/provider.ts";
import { resolveRef } from "./check-json-schema.ts";

/** A schema in the strict dialect, or the reason why there is none. */
export type StrictSchema =
  | { readonly ok: true; readonly schema: JsonObject }
  | { readonly ok: false; readonly reason: string };

/** Formats that all vendors of strict schemas accept (OpenAI and Anthropic, structured outputs, 2026); OpenAI refuses `uri`. */
export const COMMON_FORMATS: readonly string[] = [
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
];

const DEFAULTS: Required<StrictSchemaRules> = {
  keywords: [],
  formats: COMMON_FORMATS,
  maxOptionals: 0,
  maxUnions: Number.POSITIVE_INFINITY,
  // OpenAI accepts 5,000 members and ten levels (structured outputs, 2026), but compiling such a large schema takes long.
  maxNodes: 1_000,
  maxDepth: 10,
};

/** Lookaround, backreferences, word boundaries, named groups and Unicode classes: no vendor supports them (2026). */
const FANCY_PATTERN = /\(\?(?!:)|\\[1-9bBkpP]/;

/**
 * Constraints that not all vendors of strict schemas accept (Anthropic refuses the bounds, OpenAI the lengths; 2026). Unsupported ones are
 * moved into the description, and the validator checks them.
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

/** Keywords that no strict dialect supports. */
const NEVER = [
  "not",
  "if",
  "patternProperties",
  "prefixItems",
  "dependentSchemas",
  "dependentRequired",
  "contains",
] as const;

/** The bounds that zod adds to every integer; ignored. */
const SAFE = Number.MAX_SAFE_INTEGER;

class Inexpressible extends Error {}

/**
 * Rewrites a schema for vendors that enforce it: all members are required; optional ones stay optional up to the limit of the model, and
 * become nullable beyond it; no additional members; no references. The answer must go through `unWiden`.
 *
 * @param rules - what the model accepts in a strict schema
 */
export function toStrictSchema(schema: JsonObject, rules: StrictSchemaRules = {}): StrictSchema {
  const spent: Spent = { nodes: 0, unions: 0, optionals: 0 };
  try {
    const own = { ...DEFAULTS, ...rules };
    return { ok: true, schema: strict(schema, { root: schema, path: "$", refs: [], depth: 0, rules: own, spent }) };
  } catch (thrown) {
    if (thrown instanceof Inexpressible) return { ok: false, reason: thrown.message };
    throw thrown;
  }
}

/** The used part of the model's limits. */
interface Spent {
  nodes: number;
  unions: number;
  optionals: number;
}

interface Place {
  readonly root: JsonObject;
  readonly path: string;
  readonly refs: readonly string[];
  /** Number of enclosing objects. */
  readonly depth: number;
  readonly rules: Required<StrictSchemaRules>;
  readonly spent: Spent;
}

function spendNodes(count: number, { rules, spent }: Place): void {
  spent.nodes += count;
  if (spent.nodes > rules.maxNodes) throw new Inexpressible(`it has more than ${rules.maxNodes} parts`);
}

function spendUnion({ rules, spent }: Place): void {
  spent.unions += 1;
  if (spent.unions > rules.maxUnions) throw new Inexpressible(`more than ${rules.maxUnions} places take several types`);
}

function strict(schema: unknown, place: Place): JsonObject {
  if (!isRecord(schema)) throw new Inexpressible(`${place.path} may be anything`);
  for (const keyword of NEVER)
    if (schema[keyword] !== undefined) throw new Inexpressible(`${place.path} uses ${keyword}`);
  if (typeof schema.$ref === "string") return strictRef(schema.$ref, schema, place);
  spendNodes(1, place);
  const words = describe(schema, place.rules);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) {
    spendUnion(place);
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
  if (Array.isArray(schema.enum)) {
    spendNodes(schema.enum.length, place);
    return { ...typeOf(schema.enum), ...words, enum: schema.enum as JsonValue[] };
  }
  if (Array.isArray(schema.type)) {
    spendUnion(place);
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
      return { type: schema.type as string, ...formatOf(schema, place.rules), ...words };
    default:
      throw new Inexpressible(`${place.path} may be anything`);
  }
}

function strictRef(ref: string, schema: Record<string, unknown>, place: Place): JsonObject {
  if (place.refs.includes(ref) || ref === "#") throw new Inexpressible(`${place.path} refers to itself`);
  const target = resolveRef(ref, place.root);
  if (target === undefined) throw new Inexpressible(`${place.path} refers to ${ref}`);
  return { ...strict(target, { ...place, refs: [...place.refs, ref] }), ...describe(schema, place.rules) };
}

function strictObject(schema: Record<string, unknown>, place: Place): JsonObject {
  const { additionalProperties, properties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== false) {
    throw new Inexpressible(`${place.path} has members of any name`);
  }
  if (!isRecord(properties)) throw new Inexpressible(`${place.path} does not name its members`);
  const { depth, rules } = place;
  if (depth >= rules.maxDepth) throw new Inexpressible(`${place.path} is more than ${rules.maxDepth} objects deep`);
  const asRequired: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const members: [string, JsonObject][] = [];
  const required: string[] = [];
  for (const [name, below] of Object.entries(properties)) {
    const member = strict(below, { ...place, depth: depth + 1, path: `${place.path}.${name}` });
    const isOptional = !asRequired.includes(name) && !acceptsNull(member, member);
    const isAbsent = isOptional && mayBeAbsent(place);
    members.push([name, isOptional && !isAbsent ? orNull(member, place) : member]);
    if (!isAbsent) required.push(name);
  }
  // Not assigned one by one, because a member may be named `__proto__`.
  return { type: "object", properties: Object.fromEntries(members), required, additionalProperties: false };
}

function orNull(member: JsonObject, place: Place): JsonObject {
  spendUnion(place);
  spendNodes(2, place);
  return { anyOf: [member, { type: "null" }] };
}

/** Whether one more member may stay optional. */
function mayBeAbsent({ rules, spent }: Place): boolean {
  if (spent.optionals >= rules.maxOptionals) return false;
  spent.optionals += 1;
  return true;
}

/** Whether a schema accepts `null`. */
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

function formatOf(schema: Record<string, unknown>, { formats }: Required<StrictSchemaRules>): JsonObject {
  return typeof schema.format === "string" && formats.includes(schema.format) ? { format: schema.format } : {};
}

/** The supported constraints, and the description with the others. */
function describe(schema: Record<string, unknown>, { keywords, formats }: Required<StrictSchemaRules>): JsonObject {
  const words: string[] = typeof schema.description === "string" ? [schema.description] : [];
  const kept: Record<string, JsonValue> = {};
  const { format } = schema;
  if (typeof format === "string" && !formats.includes(format)) words.push(`format: ${format}`);
  for (const keyword of CONSTRAINTS) {
    const value = schema[keyword];
    if (value === undefined || value === false || Math.abs(Number(value)) === SAFE) continue;
    // The pattern of a known format is long and redundant.
    if (keyword === "pattern" && typeof format === "string") continue;
    const isTaken = keywords.includes(keyword) && !(keyword === "pattern" && FANCY_PATTERN.test(String(value)));
    if (isTaken) kept[keyword] = value as JsonValue;
    else words.push(`${keyword}: ${String(value)}`);
  }
  return words.length === 0 ? kept : { ...kept, description: words.join("; ") };
}
