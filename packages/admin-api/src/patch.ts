import type { SystemSettings } from "@babylon/llm-core";
import type { SettingsPatch } from "./contract.ts";

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two JSON values are equal, order of members aside; an absent member equals `undefined`. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (!isMembers(a) || !isMembers(b)) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(own(a, key), own(b, key)));
}

const own = (members: Members, key: string): unknown => (Object.hasOwn(members, key) ? members[key] : undefined);

function diff(from: Members, to: Members): Members {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  const changes = [...keys].flatMap((key): [string, unknown][] => {
    const before = own(from, key) ?? null;
    const after = own(to, key) ?? null;
    if (isSame(before, after)) return [];
    return [[key, isMembers(before) && isMembers(after) ? diff(before, after) : after]];
  });
  return Object.fromEntries(changes);
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return patch;
  const merged = new Map(Object.entries(isMembers(target) ? target : {}));
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined) continue;
    if (change === null) merged.delete(key);
    else merged.set(key, merge(merged.get(key), change));
  }
  return Object.fromEntries(merged);
}

/** The merge patch that leads from some settings to others; without members when they are equal. Pure. */
export function diffSettings(from: SystemSettings, to: SystemSettings): SettingsPatch {
  // Two settings differ in members of settings only.
  return diff({ ...from }, { ...to }) as SettingsPatch;
}

/** The settings after a patch. Pure; an agent that a patch leaves in no valid form is the caller's to refuse. */
export function applySettingsPatch(settings: SystemSettings, patch: SettingsPatch): SystemSettings {
  // A patch of settings, merged into settings, gives their members back; `order` and the two tables are put back where `null` took them.
  const merged = merge(settings, patch) as Partial<SystemSettings>;
  return { order: merged.order ?? null, providers: merged.providers ?? {}, agents: merged.agents ?? {} };
}

/** Whether a patch changes nothing. */
export function isEmptyPatch(patch: SettingsPatch): boolean {
  return Object.values(patch).every((change) => change === undefined);
}
