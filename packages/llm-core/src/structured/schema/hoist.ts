import { isRecord, type JsonObject, type JsonValue } from "../../contract/json.ts";

/** A schema to be nested in another one, and the definitions that the new root needs for its references. */
export interface Hoisted {
  readonly value: JsonObject;
  readonly definitions: JsonObject;
}

const SELF = "babylon_root";

/** Moves the definitions out of a schema, so that `#/$defs/...` and `#` stay valid when it is no longer the root. */
export function hoist(schema: JsonObject): Hoisted {
  const { $schema: _, $defs, definitions, ...value } = schema;
  const moved: Record<string, JsonValue> = {};
  if ($defs !== undefined) moved.$defs = $defs;
  if (definitions !== undefined) moved.definitions = definitions;
  if (!refersToRoot(schema)) return { value, definitions: moved };
  const self = `#/$defs/${SELF}`;
  const all = { ...(isRecord($defs) ? ($defs as JsonObject) : {}), [SELF]: value };
  return {
    value: { $ref: self },
    definitions: redirect({ ...moved, $defs: all }, self) as JsonObject,
  };
}

function refersToRoot(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([key, below]) => (key === "$ref" && below === "#") || refersToRoot(below));
}

function redirect(node: JsonValue, self: string): JsonValue {
  if (Array.isArray(node)) return node.map((item: JsonValue) => redirect(item, self));
  if (!isRecord(node)) return node;
  return Object.fromEntries(
    Object.entries(node as JsonObject).map(([key, below]) => [
      key,
      key === "$ref" && below === "#" ? self : redirect(below, self),
    ]),
  );
}
