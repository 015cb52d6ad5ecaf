import { isRecord } from "@babylon/llm-core";
import type { SettingsIssue } from "../errors/settings-error.ts";

/** Names that could access the prototype of an object. They are not allowed as ids, and no version of this package stores them. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** More levels than the settings of this version have; rejects cyclic values. */
export const MAX_DEPTH = 8;

/** A newer version may have stored deeper values. */
export const MAX_STORED_DEPTH = 64;

/** Finds keys named `__proto__`, `constructor` or `prototype`, and values that are nested too deeply. */
export function findForbiddenKeys(value: unknown, path = "", maxDepth: number = MAX_DEPTH): readonly SettingsIssue[] {
  const issues: SettingsIssue[] = [];
  visit(value, path, maxDepth, issues);
  return issues;
}

function visit(value: unknown, path: string, levels: number, issues: SettingsIssue[]): void {
  if (typeof value !== "object" || value === null) return;
  if (levels < 0) {
    issues.push({ path, message: "is nested too deeply" });
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
