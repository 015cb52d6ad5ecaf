import { isRecord, type JsonObject, type JsonValue } from "../../contract/json.ts";

/** References to the definitions that zod generates for reused schemas. Definitions that the caller named are kept. */
const MADE = /^#\/\$defs\/(__schema\d+)$/;

/** Maximum length of a schema with its references inlined, characters. */
const MAX_LENGTH = 20_000;
/** A schema with more definitions is returned unchanged. */
const MAX_DEFINITIONS = 200;

/**
 * Inlines the definitions that zod generates for reused schemas, if the result stays small: models follow an inlined schema more reliably.
 * Zod inlines by default, but without a limit: 20 levels of two uses each become a million schemas. Recursive definitions are kept.
 */
export function inlineShared(schema: JsonObject): JsonObject {
  const { $defs, ...rest } = schema;
  if (!isObject($defs) || Object.keys($defs).length > MAX_DEFINITIONS) return schema;
  const definitions = $defs;
  const lengths = new Map<string, number>();

  /** The definition that replaces a reference; `null` for values that are not inlined. */
  function nameOf(value: JsonValue): string | null {
    const ref = isObject(value) ? value.$ref : undefined;
    const name = typeof ref === "string" ? (MADE.exec(ref)?.[1] ?? null) : null;
    return name === null || definitions[name] === undefined || holds(definitions[name], name, new Set()) ? null : name;
  }

  /** Whether a schema refers to a definition, directly or through others. */
  function holds(value: JsonValue, name: string, seen: Set<string>): boolean {
    if (Array.isArray(value)) return value.some((item: JsonValue) => holds(item, name, seen));
    if (!isObject(value)) return false;
    const found = typeof value.$ref === "string" ? MADE.exec(value.$ref)?.[1] : undefined;
    if (found === name) return true;
    if (found !== undefined && !seen.has(found) && holds(definitions[found] ?? null, name, seen.add(found)))
      return true;
    return Object.values(value).some((member) => holds(member, name, seen));
  }

  function lengthOf(value: JsonValue): number {
    const name = nameOf(value);
    if (name !== null) {
      const length = lengths.get(name) ?? lengthOf(definitions[name] ?? null);
      lengths.set(name, length);
      return length;
    }
    if (typeof value !== "object" || value === null) return String(value).length + 2;
    return Object.entries(value).reduce((sum, [key, below]) => sum + key.length + 4 + lengthOf(below), 2);
  }

  function inline(value: JsonValue): JsonValue {
    const name = nameOf(value);
    if (name !== null && isObject(value)) {
      const { $ref: _, ...beside } = value;
      const target = inline(definitions[name] ?? {});
      return isObject(target) ? { ...target, ...beside } : target;
    }
    if (Array.isArray(value)) return value.map(inline);
    return isObject(value) ? inlineMembers(value) : value;
  }

  const inlineMembers = (members: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(members).map(([key, below]) => [key, inline(below)]));

  if (lengthOf(rest) > MAX_LENGTH) return schema;
  const sharedNames = Object.keys(definitions).filter((name) => nameOf({ $ref: `#/$defs/${name}` }) === null);
  const inlined = inlineMembers(rest);
  if (sharedNames.length === 0) return inlined;
  return { ...inlined, $defs: Object.fromEntries(sharedNames.map((name) => [name, inline(definitions[name] ?? {})])) };
}

const isObject = (value: JsonValue | undefined): value is JsonObject => isRecord(value);
