import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";

/** Refuses a value, or lets it pass. Throws `invalid_input` with the path. */
export type Check = (value: unknown, path: string) => void;

/** A string, by default not empty. */
export function string({
  allowEmpty = false,
  pattern,
  expected,
}: {
  allowEmpty?: boolean;
  pattern?: RegExp;
  expected?: string;
} = {}): Check {
  return (value, path) => {
    const fits = typeof value === "string" && (allowEmpty || value !== "") && (pattern?.test(value) ?? true);
    if (!fits) throw invalidInput(path, expected ?? (allowEmpty ? "a string" : "a string that is not empty"));
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
} = {}): Check {
  const bounds = [
    min === undefined ? "" : ` of at least ${min}`,
    above === undefined ? "" : ` above ${above}`,
    max === undefined ? "" : ` of at most ${max}`,
  ].filter(Boolean);
  const expected = `a ${whole ? "whole" : "finite"} number${bounds.join(" and")}${orNull ? " or null" : ""}${orInfinity ? " or Infinity" : ""}`;
  return (value, path) => {
    if ((orNull && value === null) || (orInfinity && value === Number.POSITIVE_INFINITY)) return;
    const fits =
      typeof value === "number" &&
      Number.isFinite(value) &&
      (!whole || Number.isInteger(value)) &&
      (min === undefined || value >= min) &&
      (above === undefined || value > above) &&
      (max === undefined || value <= max);
    if (!fits) throw invalidInput(path, expected);
  };
}

/** `true` or `false`. */
export const boolean: Check = (value, path) => {
  if (typeof value !== "boolean") throw invalidInput(path, "true or false");
};

/** A function. */
export const callable: Check = (value, path) => {
  if (typeof value !== "function") throw invalidInput(path, "a function");
};

/** One of a few strings. */
export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== "string" || !values.includes(value)) {
      throw invalidInput(path, `one of ${values.map((each) => `"${each}"`).join(", ")}`);
    }
  };
}

/** A list whose elements all pass. */
export function list(element: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalidInput(path, "a list");
    for (const [index, item] of value.entries()) element(item, `${path}[${index}]`);
  };
}

/** An object whose values all pass. */
export function dictionary(value: Check, key?: Check): Check {
  return (object, path) => {
    if (!isRecord(object)) throw invalidInput(path, "an object");
    for (const [name, each] of Object.entries(object)) {
      key?.(name, `${path}[${JSON.stringify(name)}]`);
      if (each !== undefined) value(each, `${path}.${name}`);
    }
  };
}

/** The known word that is nearest to a misspelt one, if any is near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const near = (a: string, b: string): number => {
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
  const far = Math.min(3, Math.floor(word.length / 2));
  return known.filter((each) => near(word, each) <= far).toSorted((a, b) => near(word, a) - near(word, b))[0];
}

/**
 * An object with known fields. `undefined` counts as absent; an unknown field is refused, with the nearest known one named.
 *
 * @param required - fields that must be there
 */
export function object(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const known = Object.keys(fields);
  return (value, path) => {
    if (!isRecord(value)) throw invalidInput(path === "" ? "options" : path, "an object");
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    const given = Object.keys(value);
    for (const name of given) {
      if (Object.hasOwn(fields, name)) continue;
      const meant = nearest(name, known);
      throw invalidInput(
        at(name),
        meant === undefined ? `one of ${known.join(", ")}` : `no such field: did you mean ${meant}?`,
      );
    }
    for (const name of required) {
      if (value[name] === undefined) throw invalidInput(at(name), "to be given");
    }
    for (const name of given) {
      const field = value[name];
      if (field !== undefined) fields[name]?.(field, at(name));
    }
  };
}

/** Passes when any of the checks does; refuses with the given words. */
export function either(expected: string, ...checks: readonly Check[]): Check {
  return (value, path) => {
    for (const check of checks) {
      try {
        check(value, path);
        return;
      } catch {
        // The next one may take it.
      }
    }
    throw invalidInput(path, expected);
  };
}

/** Lets everything pass. */
export const anything: Check = () => {};
