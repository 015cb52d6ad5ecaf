import { isRecord } from "@babylon/llm-core";
import type { SettingsIssue } from "./settings-error.ts";

/** Names that reach the prototype of an object. No provider and no agent can be called so. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Deeper than any settings are; stops a value that contains itself. */
const MAX_DEPTH = 8;

/** The places in a value where a key is `__proto__`, `constructor` or `prototype`, or where it is nested too deep. */
export function findForbiddenKeys(value: unknown, path = "", depth = 0): readonly SettingsIssue[] {
  if (typeof value !== "object" || value === null) return [];
  if (depth > MAX_DEPTH) return [{ path, message: "is nested too deep" }];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => findForbiddenKeys(item, joinPath(path, String(index)), depth + 1));
  }
  if (!isRecord(value)) return [];
  return Object.getOwnPropertyNames(value).flatMap((key) => {
    const at = joinPath(path, key);
    if (FORBIDDEN.has(key)) return [{ path: at, message: "this name is not allowed" }];
    return findForbiddenKeys(value[key], at, depth + 1);
  });
}

/** `a.b.c`; the empty path is the whole value. */
export function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
