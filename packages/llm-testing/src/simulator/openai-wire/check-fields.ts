import { isRecord } from "@babylon/llm-core";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";

const pathOf = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const typeName = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a decimal";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
};

/** Refuses fields that are not in the list. */
export function onlyKnown(fields: Fields, known: ReadonlySet<string>, path = ""): void {
  for (const name of Object.keys(fields)) {
    if (!known.has(name)) {
      throw new RequestRefusedError("unknown", pathOf(path, name), `Unknown parameter: '${pathOf(path, name)}'.`);
    }
  }
}

/** A number within limits; `null` if it is absent or null. */
export function optionalNumber(
  fields: Fields,
  name: string,
  { min, max, whole = false }: { min?: number; max?: number; whole?: boolean } = {},
): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || (whole && !Number.isInteger(value))) {
    const wanted = whole ? "an integer" : "a decimal";
    throw new RequestRefusedError(
      "type",
      name,
      `Invalid type for '${name}': expected ${wanted}, but got ${typeName(value)} instead.`,
    );
  }
  if (min !== undefined && value < min) {
    throw new RequestRefusedError(
      "value",
      name,
      `Invalid '${name}': ${belowText(whole)} Expected a value >= ${min}, but got ${value} instead.`,
    );
  }
  if (max !== undefined && value > max) {
    throw new RequestRefusedError(
      "value",
      name,
      `Invalid '${name}': ${aboveText(whole)} Expected a value <= ${max}, but got ${value} instead.`,
    );
  }
  return value;
}

const belowText = (whole: boolean): string => `${whole ? "integer" : "decimal"} below minimum value.`;
const aboveText = (whole: boolean): string => `${whole ? "integer" : "decimal"} above maximum value.`;

/** A boolean; `null` if it is absent or null. */
export function optionalBoolean(fields: Fields, name: string): boolean | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value;
  throw new RequestRefusedError(
    "type",
    name,
    `Invalid type for '${name}': expected a boolean, but got ${typeName(value)} instead.`,
  );
}

/** One of the listed words; `null` if it is absent or null. */
export function optionalWord<W extends string>(fields: Fields, name: string, words: readonly W[]): W | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const list = words.map((word) => `'${word}'`).join(", ");
  throw new RequestRefusedError("value", name, `Invalid value: '${String(value)}'. Supported values are: ${list}.`);
}

/** A required string. */
export function requiredString(fields: Fields, name: string, path: string): string {
  const value = fields[name];
  const full = pathOf(path, name);
  if (value === undefined) throw new RequestRefusedError("missing", full, `Missing required parameter: '${full}'.`);
  if (typeof value === "string") return value;
  throw new RequestRefusedError(
    "type",
    full,
    `Invalid type for '${full}': expected a string, but got ${typeName(value)} instead.`,
  );
}

/** A required object. */
export function requiredObject(value: unknown, path: string): Fields {
  if (value === undefined) throw new RequestRefusedError("missing", path, `Missing required parameter: '${path}'.`);
  if (isRecord(value)) return value;
  throw new RequestRefusedError(
    "type",
    path,
    `Invalid type for '${path}': expected an object, but got ${typeName(value)} instead.`,
  );
}

/** A required non-empty list. */
export function requiredList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) {
    throw new RequestRefusedError("missing", path, `Missing required parameter: '${path}'.`);
  }
  if (!Array.isArray(value)) {
    throw new RequestRefusedError(
      "type",
      path,
      `Invalid type for '${path}': expected an array, but got ${typeName(value)} instead.`,
    );
  }
  if (value.length === 0) {
    throw new RequestRefusedError(
      "value",
      path,
      `Invalid '${path}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
      "empty_array",
    );
  }
  return value;
}
