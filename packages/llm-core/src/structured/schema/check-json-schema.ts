import type { JsonObject } from "../../contract/json.ts";
import { invalidInput } from "../../errors/llm-error.ts";

/**
 * Checks that a JSON Schema can be sent, and copies it: plain JSON, cycles only by `$ref`, no dangling local `$ref`.
 *
 * @param path - the option's name, for the error
 * @throws invalid_input with the path of the first value that JSON cannot represent
 */
export function checkJsonSchema(schema: unknown, path: string): JsonObject {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw invalidInput(path, "a JSON Schema: an object");
  }
  const copy = copyJson(schema, path, []);
  checkRefs(copy, copy, path);
  return copy as JsonObject;
}

function copyJson(value: unknown, path: string, above: readonly object[]): JsonObject[string] | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw invalidInput(path, "a finite number");
  }
  if (typeof value === "undefined") return undefined;
  if (typeof value !== "object") throw invalidInput(path, `JSON, not a ${typeof value}`);
  if (above.includes(value)) throw invalidInput(path, "no cycle: refer to definitions with $ref");
  const within = [...above, value];
  if (Array.isArray(value)) return value.map((item, index) => copyJson(item, `${path}[${index}]`, within) ?? null);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw invalidInput(path, "a plain object");
  if (Object.getOwnPropertySymbols(value).length > 0) throw invalidInput(path, "no symbol keys");
  const copy: Record<string, JsonObject[string]> = {};
  for (const [key, below] of Object.entries(value)) {
    const copied = copyJson(below, `${path}.${key}`, within);
    if (copied !== undefined) copy[key] = copied;
  }
  return copy;
}

function checkRefs(node: unknown, root: unknown, path: string): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, below] of Object.entries(node)) {
    if (
      key === "$ref" &&
      typeof below === "string" &&
      below.startsWith("#/") &&
      resolveRef(below, root) === undefined
    ) {
      throw invalidInput(`${path}.$ref`, `a definition that exists, not ${below}`);
    }
    checkRefs(below, root, `${path}.${key}`);
  }
}

/** Resolves a local `$ref` (`#`, `#/$defs/Name`); `undefined` if it is missing or not local. */
export function resolveRef(ref: string, root: unknown): unknown {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  let node = root;
  for (const raw of ref.slice(2).split("/")) {
    const key = decodeURIComponent(raw).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    node = Reflect.get(node, key);
  }
  return node;
}
