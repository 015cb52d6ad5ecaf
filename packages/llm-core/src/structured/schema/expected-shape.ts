import { isRecord, type JsonObject } from "../../contract/json.ts";
import { resolveRef } from "./check-json-schema.ts";

/** The expected root of the answer, to distinguish it from other JSON in the text. */
export interface ExpectedShape {
  readonly root: "object" | "array" | "other";
  /** The possible names of its members; `null`: any, or unknown. */
  readonly names: ReadonlySet<string> | null;
}

/** The expected shape of an answer with this schema. */
export function expectedShape(jsonSchema: JsonObject | null): ExpectedShape {
  if (jsonSchema === null) return { root: "other", names: null };
  const kinds = new Set<ExpectedShape["root"]>();
  const names = new Set<string>();
  let anyName = false;
  for (const branch of branchesOf(jsonSchema, jsonSchema, 0)) {
    const { type } = branch;
    const isObject = type === "object" || (type === undefined && isRecord(branch.properties));
    kinds.add(isObject ? "object" : type === "array" ? "array" : "other");
    const isAnything = type === undefined && !isObject && branch.enum === undefined && branch.const === undefined;
    if (isAnything) anyName = true;
    if (!isObject) continue;
    if (isRecord(branch.properties)) for (const name of Object.keys(branch.properties)) names.add(name);
    const { additionalProperties } = branch;
    const open = additionalProperties !== undefined && additionalProperties !== false;
    if (open || branch.patternProperties !== undefined || branch.properties === undefined) anyName = true;
  }
  const [only = "other"] = kinds;
  return { root: kinds.size === 1 ? only : "other", names: anyName ? null : names };
}

const MAX_DEPTH = 16;

/** The alternatives of a schema, with references resolved. */
function* branchesOf(schema: unknown, root: JsonObject, depth: number): Generator<Record<string, unknown>> {
  if (!isRecord(schema) || depth > MAX_DEPTH) return;
  if (typeof schema.$ref === "string") {
    yield* branchesOf(resolveRef(schema.$ref, root), root, depth + 1);
    return;
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  const parts = Array.isArray(alternatives) ? alternatives : schema.allOf;
  if (!Array.isArray(parts)) {
    yield schema;
    return;
  }
  for (const part of parts) yield* branchesOf(part, root, depth + 1);
}

/** Whether a value resembles the expected shape, valid or not. */
export function isCredible(value: unknown, expected: ExpectedShape): boolean {
  if (expected.root === "array") return Array.isArray(value) && value.length > 0;
  if (!isRecord(value)) return expected.root === "other" && value !== undefined && expected.names !== null;
  return hasExpectedName(Object.keys(value), expected);
}

/** Whether one of the names is a name of the expected shape. */
export function hasExpectedName(found: readonly string[], expected: ExpectedShape): boolean {
  const { names } = expected;
  return names === null ? found.length > 0 : found.some((name) => names.has(name));
}
