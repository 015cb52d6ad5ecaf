import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";

/** Applies a JSON merge patch (RFC 7396): objects merge, anything else replaces, `null` removes a member. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined) continue;
    if (change === null) merged.delete(key);
    else merged.set(key, applyMergePatch(merged.get(key), change));
  }
  // `fromEntries` creates own members only, also for a name like `__proto__`.
  return Object.fromEntries(merged);
}

/** The merge patch from one object to another; empty when they are equal. A `null` member counts as absent. */
export function diffMergePatch(from: unknown, to: unknown): JsonObject {
  const before = isRecord(from) ? from : {};
  const after = isRecord(to) ? to : {};
  const patch: [string, JsonValue][] = [];
  for (const key of Object.keys(before)) {
    if (isPresent(before[key]) && !isPresent(ownMember(after, key))) patch.push([key, null]);
  }
  for (const [key, value] of Object.entries(after)) {
    const known = ownMember(before, key);
    if (!isPresent(value) || isEqual(known, value)) continue;
    // What reaches this point was parsed from JSON or checked by the schema, so it is JSON.
    patch.push([key, isRecord(value) && isRecord(known) ? diffMergePatch(known, value) : (value as JsonValue)]);
  }
  return Object.fromEntries(patch);
}

/** Whether two JSON values are equal, regardless of the order of members. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

/** An own member of an object; never an inherited one, such as `toString`. */
export function ownMember(members: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(members, key) ? members[key] : undefined;
}

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;
