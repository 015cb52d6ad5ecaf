import { type Schema, Validator } from "@cfworker/json-schema";
import { isRecord, type JsonObject } from "../../contract/json.ts";
import { resolveRef } from "./check-json-schema.ts";
import { mayFit } from "./may-fit.ts";
import { acceptsNull } from "./to-strict-schema.ts";

/**
 * Reverts what the strict dialect did to optional members: removes a member that is `null`, unless the caller's schema accepts `null`.
 * Everything else is unchanged.
 *
 * @param schema - the caller's own JSON Schema
 */
export function unWiden(value: unknown, schema: JsonObject): unknown {
  return narrow(value, schema, schema);
}

function narrow(value: unknown, schema: unknown, root: JsonObject): unknown {
  if (!isRecord(schema) || typeof value !== "object" || value === null) return value;
  if (typeof schema.$ref === "string") return narrow(value, resolveRef(schema.$ref, root), root);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) {
    // Only alternatives that may fit: with a recursive schema, trying all would double the work at each level.
    const possible = alternatives.filter((alternative) => mayFit(value, alternative, root));
    const [only] = possible;
    if (possible.length === 1) return narrow(value, only, root);
    for (const alternative of possible) {
      const narrowed = narrow(value, alternative, root);
      if (fits(narrowed, alternative, root)) return narrowed;
    }
    return value;
  }
  if (Array.isArray(schema.allOf)) return schema.allOf.reduce((sum: unknown, part) => narrow(sum, part, root), value);
  if (Array.isArray(value)) return value.map((item) => narrow(item, schema.items, root));
  const { properties } = schema;
  if (!isRecord(properties) || !isRecord(value)) return value;
  if (!hasMembersToNarrow(value)) return value;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const below = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const isFiller = member === null && below !== undefined && !required.includes(name) && !acceptsNull(below, root);
    if (!isFiller) members.push([name, narrow(member, below, root)]);
  }
  return Object.fromEntries(members);
}

/** Whether a member is `null` or a container. Avoids a list of the members, because most elements have neither. */
function hasMembersToNarrow(value: Readonly<Record<string, unknown>>): boolean {
  for (const name in value) if (typeof value[name] === "object") return true;
  return false;
}

/** Cached per alternative of a schema, because every element of an answer is validated against them. */
const validators = new WeakMap<JsonObject, Map<unknown, Validator>>();

function fits(value: unknown, schema: unknown, root: JsonObject): boolean {
  const ofRoot = validators.get(root) ?? new Map<unknown, Validator>();
  validators.set(root, ofRoot);
  const validator = ofRoot.get(schema) ?? validatorOf(schema, root);
  ofRoot.set(schema, validator);
  return validator.validate(value).valid;
}

function validatorOf(schema: unknown, { $defs, definitions }: JsonObject): Validator {
  const whole = {
    ...(isRecord(schema) ? schema : {}),
    ...($defs ? { $defs } : {}),
    ...(definitions ? { definitions } : {}),
  };
  // The validator's type is narrower than JSON; it ignores unknown keywords.
  return new Validator(whole as Schema, "2020-12");
}
