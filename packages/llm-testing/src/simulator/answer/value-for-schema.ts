import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";
import type { Random } from "../random.ts";
import { withDescribedConstraints } from "./described-constraints.ts";
import { numberForSchema } from "./number-for-schema.ts";
import { OWN_PHRASES, type Phrases } from "./prose.ts";
import { stringForSchema } from "./string-for-schema.ts";

/** Maximum depth of optional properties and list elements; below it, only required ones are generated. */
const DEEP = 8;

/** The expected elements of a schema's outermost list. */
export interface WantedElements {
  readonly ids: readonly (string | number)[] | null;
  readonly count: number | null;
}

interface Scope {
  readonly root: JsonObject;
  readonly random: Random;
  readonly phrases: Phrases;
  readonly depth: number;
  /** Not yet used by the outermost list. */
  readonly wanted: WantedElements | null;
}

/**
 * Generates a value that satisfies a JSON Schema: types, enums, constants, nesting, local references, limits of numbers, lengths and counts,
 * simple patterns, common formats. A list whose elements have an id from an enum has one element for each id; `wanted` does the same for ids
 * that only the prompt names.
 */
export function valueForSchema(
  schema: JsonObject,
  random: Random,
  wanted: WantedElements | null = null,
  phrases: Phrases = OWN_PHRASES,
): JsonValue {
  return build(schema, "", { root: schema, random, phrases, depth: 0, wanted });
}

function build(given: unknown, name: string, scope: Scope): JsonValue {
  if (!isRecord(given)) return stringForSchema({}, name, scope.random, scope.phrases);
  const schema = withDescribedConstraints(given);
  if (typeof schema.$ref === "string") {
    return build(resolve(schema.$ref, scope.root), name, { ...scope, depth: scope.depth + 1 });
  }
  // Constants and members of an enum come from JSON, so they are JSON.
  if ("const" in schema) return schema.const as JsonValue;
  if (Array.isArray(schema.enum)) return schema.enum[scope.random.int(0, schema.enum.length - 1)] as JsonValue;
  if (Array.isArray(schema.allOf)) return build(merged(schema, schema.allOf), name, scope);
  const variants = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(variants)) return build(variantOf(variants, scope), name, scope);
  switch (typeOf(schema, scope.random)) {
    case "object":
      return objectFor(schema, scope);
    case "array":
      return arrayFor(schema, name, scope);
    case "integer":
    case "number":
      return numberForSchema(schema, name, scope.random);
    case "boolean":
      return scope.random.next() < 0.5;
    case "null":
      return null;
    default:
      return stringForSchema(schema, name, scope.random, scope.phrases);
  }
}

function resolve(reference: string, root: JsonObject): unknown {
  let found: unknown = root;
  for (const step of reference.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isRecord(found) ? found[key] : undefined;
  }
  return found;
}

function merged(schema: Record<string, unknown>, all: readonly unknown[]): Record<string, unknown> {
  const { allOf: _, ...own } = schema;
  const properties: Record<string, unknown> = {};
  const required: unknown[] = [];
  const result: Record<string, unknown> = {};
  for (const part of [...all, own]) {
    if (!isRecord(part)) continue;
    Object.assign(result, part);
    if (isRecord(part.properties)) Object.assign(properties, part.properties);
    if (Array.isArray(part.required)) required.push(...part.required);
  }
  return Object.keys(properties).length === 0 ? result : { ...result, properties, required };
}

/** Prefers a value over `null`; at the maximum depth `null` ends a recursion. */
function variantOf(variants: readonly unknown[], { random, depth }: Scope): unknown {
  const isNull = (variant: unknown): boolean => isRecord(variant) && variant.type === "null";
  const nothing = variants.find(isNull);
  if (nothing !== undefined && (depth > DEEP || random.next() < 0.15)) return nothing;
  const real = variants.filter((variant) => !isNull(variant));
  return real[random.int(0, real.length - 1)];
}

function typeOf(schema: Record<string, unknown>, random: Random): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    const real = type.filter((one) => one !== "null");
    return real.length === 0 || (real.length < type.length && random.next() < 0.15) ? "null" : String(real[0]);
  }
  if (isRecord(schema.properties)) return "object";
  return schema.items === undefined ? "string" : "array";
}

function objectFor(schema: Record<string, unknown>, scope: Scope): JsonValue {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner: Scope = { ...scope, depth: scope.depth + 1, wanted: scope.depth === 0 ? scope.wanted : null };
  const value: Record<string, JsonValue> = {};
  for (const [key, property] of Object.entries(properties)) {
    if (scope.depth < DEEP || required.includes(key)) value[key] = build(property, key, inner);
  }
  if (isRecord(schema.additionalProperties) && Object.keys(properties).length === 0) {
    for (const key of ["first", "second"]) value[key] = build(schema.additionalProperties, key, inner);
  }
  return value;
}

function arrayFor(schema: Record<string, unknown>, name: string, scope: Scope): JsonValue {
  const inner: Scope = { ...scope, depth: scope.depth + 1, wanted: null };
  if (Array.isArray(schema.prefixItems)) return schema.prefixItems.map((item) => build(item, name, inner));
  const least = typeof schema.minItems === "number" ? schema.minItems : 0;
  const most = typeof schema.maxItems === "number" ? schema.maxItems : Number.POSITIVE_INFINITY;
  const within = (count: number): number => Math.min(Math.max(count, least), most);
  const items = expanded(schema.items, scope.root);
  const idName = idNameOf(items);
  const ids = idsOf(items, idName, scope);
  const count = ids?.length ?? scope.wanted?.count ?? (scope.depth > DEEP ? 0 : scope.random.int(2, 4));
  const value: JsonValue[] = [];
  for (let index = 0; index < within(count); index += 1) {
    const element = build(items, name, inner);
    const id = ids?.[index];
    value.push(id !== undefined && idName !== null && isRecord(element) ? { ...element, [idName]: id } : element);
  }
  if (schema.uniqueItems !== true) return value;
  const unique = new Map(value.map((element) => [JSON.stringify(element), element]));
  return [...unique.values()];
}

const expanded = (schema: unknown, root: JsonObject): unknown =>
  isRecord(schema) && typeof schema.$ref === "string" ? resolve(schema.$ref, root) : schema;

/** The property that identifies elements: `id`, else the first that ends in Id. */
function idNameOf(items: unknown): string | null {
  if (!isRecord(items) || !isRecord(items.properties)) return null;
  const names = Object.keys(items.properties);
  return names.find((name) => name === "id") ?? names.find((name) => /(?:Id|ID|_id)$/.test(name)) ?? null;
}

function idsOf(items: unknown, idName: string | null, { wanted, root }: Scope): readonly JsonValue[] | null {
  if (idName === null || !isRecord(items) || !isRecord(items.properties)) return null;
  if (wanted !== null && wanted.ids !== null) return wanted.ids;
  const id = expanded(items.properties[idName], root);
  // Members of an enum come from JSON, so they are JSON.
  return isRecord(id) && Array.isArray(id.enum) ? (id.enum as JsonValue[]) : null;
}
