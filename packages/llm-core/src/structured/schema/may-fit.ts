import { isRecord, type JsonObject } from "../../contract/json.ts";
import { resolveRef } from "./check-json-schema.ts";

/**
 * A shallow check whether a value may fit a schema: its type, its required members, and members restricted to literals. `true` does not
 * mean that it fits.
 */
export function mayFit(value: unknown, schema: unknown, root: JsonObject): boolean {
  const own = resolved(schema, root);
  if (!isRecord(own)) return own !== false;
  if (!hasType(value, own.type) || !isAllowedLiteral(value, own)) return false;
  if (!isRecord(value)) return true;
  const { required, properties } = own;
  if (Array.isArray(required) && !required.every((name) => Object.hasOwn(value, String(name)))) return false;
  if (!isRecord(properties)) return true;
  return Object.entries(properties).every(([name, member]) => {
    // A `null` may represent an absent member.
    if (!Object.hasOwn(value, name) || value[name] === null) return true;
    const known = resolved(member, root);
    return !isRecord(known) || isAllowedLiteral(value[name], known);
  });
}

const MAX_REFS = 16;

function resolved(schema: unknown, root: JsonObject): unknown {
  let own = schema;
  for (let count = 0; count < MAX_REFS && isRecord(own) && typeof own.$ref === "string"; count += 1) {
    own = resolveRef(own.$ref, root);
  }
  return own;
}

function hasType(value: unknown, type: unknown): boolean {
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length === 0) return true;
  const actual = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return types.some((one) => one === actual || (one === "integer" && actual === "number"));
}

/** Whether `const` and `enum` allow the value; `true` if they contain objects. */
function isAllowedLiteral(value: unknown, schema: Readonly<Record<string, unknown>>): boolean {
  const allowed = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : null;
  if (allowed === null || allowed.some((one) => typeof one === "object" && one !== null)) return true;
  return allowed.includes(value);
}
