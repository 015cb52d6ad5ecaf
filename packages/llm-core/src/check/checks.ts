import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";

/** Validates the value of one option. Throws `invalid_input` with the path. */
export type OptionCheck = (value: unknown, path: string) => void;

/** A string. Default: any string that is not empty. */
export function string({
  allowEmpty = false,
  pattern,
  expected,
}: {
  allowEmpty?: boolean;
  pattern?: RegExp;
  expected?: string;
} = {}): OptionCheck {
  return (value, path) => {
    const isValid = typeof value === "string" && (allowEmpty || value !== "") && (pattern?.test(value) ?? true);
    if (!isValid) throw invalidInput(path, expected ?? (allowEmpty ? "a string" : "a string that is not empty"));
  };
}

/** A finite number within bounds. */
export function number({
  min,
  above,
  max,
  whole = false,
  orNull = false,
  orInfinity = false,
}: {
  min?: number;
  above?: number;
  max?: number;
  whole?: boolean;
  orNull?: boolean;
  orInfinity?: boolean;
} = {}): OptionCheck {
  const bounds = [
    min === undefined ? "" : ` of at least ${min}`,
    above === undefined ? "" : ` above ${above}`,
    max === undefined ? "" : ` of at most ${max}`,
  ].filter(Boolean);
  const expected = `a ${whole ? "whole" : "finite"} number${bounds.join(" and")}${orNull ? " or null" : ""}${orInfinity ? " or Infinity" : ""}`;
  return (value, path) => {
    if ((orNull && value === null) || (orInfinity && value === Number.POSITIVE_INFINITY)) return;
    const isValid =
      typeof value === "number" &&
      Number.isFinite(value) &&
      (!whole || Number.isInteger(value)) &&
      (min === undefined || value >= min) &&
      (above === undefined || value > above) &&
      (max === undefined || value <= max);
    if (!isValid) throw invalidInput(path, expected);
  };
}

/** `true` or `false`. */
export const boolean: OptionCheck = (value, path) => {
  if (typeof value !== "boolean") throw invalidInput(path, "true or false");
};

/** A function. */
export const callable: OptionCheck = (value, path) => {
  if (typeof value !== "function") throw invalidInput(path, "a function");
};

/** One of these strings. */
export function oneOf(...values: readonly string[]): OptionCheck {
  return (value, path) => {
    if (typeof value !== "string" || !values.includes(value)) {
      throw invalidInput(path, `one of ${values.map((each) => `"${each}"`).join(", ")}`);
    }
  };
}

/** A list; every element must pass. */
export function listOf(element: OptionCheck): OptionCheck {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalidInput(path, "a list");
    for (const [index, item] of value.entries()) element(item, `${path}[${index}]`);
  };
}

/** An object with any keys; every value must pass, and every key, if a check for keys is given. */
export function dictionaryOf(value: OptionCheck, key?: OptionCheck): OptionCheck {
  return (object, path) => {
    if (!isRecord(object)) throw invalidInput(path, "an object");
    for (const [name, each] of Object.entries(object)) {
      key?.(name, `${path}[${JSON.stringify(name)}]`);
      if (each !== undefined) value(each, `${path}.${name}`);
    }
  };
}

/** The known name with the smallest edit distance to an unknown one, if it is close enough for a suggestion. */
function closestMatch(name: string, known: readonly string[]): string | undefined {
  const editDistance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, column) => column);
    for (let i = 1; i <= a.length; i += 1) {
      const above = row;
      row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const change = (above[j - 1] ?? 0) + (a[i - 1]?.toLowerCase() === b[j - 1]?.toLowerCase() ? 0 : 1);
        row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
      }
    }
    return row[b.length] ?? 0;
  };
  const maxDistance = Math.min(3, Math.floor(name.length / 2));
  return known
    .filter((each) => editDistance(name, each) <= maxDistance)
    .toSorted((a, b) => editDistance(name, a) - editDistance(name, b))[0];
}

/**
 * An object with known fields. `undefined` counts as absent. An unknown field is refused; the message suggests the most similar known one.
 *
 * @param required - fields that must be present
 */
export function objectOf(fields: Readonly<Record<string, OptionCheck>>, required: readonly string[] = []): OptionCheck {
  const known = Object.keys(fields);
  return (value, path) => {
    if (!isRecord(value)) throw invalidInput(path === "" ? "options" : path, "an object");
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    const names = Object.keys(value);
    for (const name of names) {
      if (Object.hasOwn(fields, name)) continue;
      const suggestion = closestMatch(name, known);
      throw invalidInput(
        at(name),
        suggestion === undefined ? `one of ${known.join(", ")}` : `a known field; did you mean ${suggestion}?`,
      );
    }
    for (const name of required) {
      if (value[name] === undefined) throw invalidInput(at(name), "a value (required)");
    }
    for (const name of names) {
      const field = value[name];
      if (field !== undefined) fields[name]?.(field, at(name));
    }
  };
}

/** A value that passes at least one of the checks; otherwise the error says `expected`. */
export function either(expected: string, ...checks: readonly OptionCheck[]): OptionCheck {
  return (value, path) => {
    for (const check of checks) {
      try {
        check(value, path);
        return;
      } catch {
        // The next check may pass.
      }
    }
    throw invalidInput(path, expected);
  };
}

/** Any value. */
export const anything: OptionCheck = () => {};
