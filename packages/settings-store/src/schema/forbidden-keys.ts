import { isRecord } from "@babylon/llm-core";
import type { SettingsIssue } from "../errors/settings-error.ts";

/** Names that reach the prototype of an object. No provider and no agent can be called so, and no version of this package stores them. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Deeper than the settings of this version are; stops a value that contains itself. */
export const MAX_DEPTH = 8;

/** What a newer version may have stored is deeper than what is known here, but not without end. */
export const MAX_STORED_DEPTH = 64;

/** The places in a value where a key is `__proto__`, `constructor` or `prototype`, or where it is nested too deep. */
export function findForbiddenKeys(value: unknown, path = "", maxDepth: number = MAX_DEPTH): readonly SettingsIssue[] {
  const issues: SettingsIssue[] = [];
  visit(value, path, maxDepth, issues);
  return issues;
}

function visit(value: unknown, path: string, levels: number, issues: SettingsIssue[]): void {
  if (typeof value !== "object" || value === null) return;
  if (levels < 0) {
    issues.push({ path, message: "is nested too deep" });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, joinPath(path, String(index)), levels - 1, issues);
  } else if (isRecord(value)) {
    for (const key of Object.getOwnPropertyNames(value)) {
      const at = joinPath(path, key);
      if (FORBIDDEN.has(key)) issues.push({ path: at, message: "this name is not allowed" });
      else visit(value[key], at, levels - 1, issues);
    }
  }
}

/** `a.b.c`; the empty path is the whole value. */
export function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
