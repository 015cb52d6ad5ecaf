import type { SystemSettings } from "@babylon/llm-core";
import type { SettingsPatch } from "./contract.ts";

type Members = Readonly<Record<string, unknown>>;

const SETTINGS: readonly string[] = ["order", "providers", "agents"];
const PROVIDER: readonly string[] = ["enabled", "model"];
const AGENT: readonly string[] = ["provider", "model", "models"];

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two JSON values are equal, order of members aside; an absent member equals `undefined`. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (!isMembers(a) || !isMembers(b)) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(own(a, key), own(b, key)));
}

const own = (members: Members, key: string): unknown => (Object.hasOwn(members, key) ? members[key] : undefined);

/** @param fields - the members that are compared. Default: all */
function diff(
  from: Members,
  to: Members,
  fields: Iterable<string> = [...Object.keys(from), ...Object.keys(to)],
): Members {
  const changes = [...new Set(fields)].flatMap((key): [string, unknown][] => {
    const before = own(from, key) ?? null;
    const after = own(to, key) ?? null;
    if (isSame(before, after)) return [];
    return [[key, isMembers(before) && isMembers(after) ? diff(before, after) : after]];
  });
  return Object.fromEntries(changes);
}

function diffTable(name: "providers" | "agents", from: Members, to: Members, fields: readonly string[]): Members {
  const changes = [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((id): [string, unknown][] => {
    const before = own(from, id);
    const after = own(to, id);
    if (!isMembers(after)) return [[id, null]];
    const change = diff(isMembers(before) ? before : {}, after, fields);
    return Object.keys(change).length === 0 && isMembers(before) ? [] : [[id, change]];
  });
  return changes.length === 0 ? {} : { [name]: Object.fromEntries(changes) };
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

/**
 * The merge patch that leads from some settings to others; without members when they are equal. Fields that are not known, which a
 * newer version has stored, are left as they are. Pure.
 */
export function diffSettings(from: SystemSettings, to: SystemSettings): SettingsPatch {
  // Two settings differ in members of settings only.
  return {
    ...diff({ order: from.order }, { order: to.order }),
    ...diffTable("providers", from.providers, to.providers, PROVIDER),
    ...diffTable("agents", from.agents, to.agents, AGENT),
  } as SettingsPatch;
}

/** The settings after a patch. Pure; an agent that a patch leaves in no valid form is the caller's to refuse. */
export function applySettingsPatch(settings: SystemSettings, patch: SettingsPatch): SystemSettings {
  // A patch of settings, merged into settings, gives their members back; `order` and the two tables are put back where `null` took them.
  const merged = merge(settings, patch) as Partial<SystemSettings>;
  return { ...merged, order: merged.order ?? null, providers: merged.providers ?? {}, agents: merged.agents ?? {} };
}

/** Settings without the entries, and without the unknown fields, that are stored with the same value. Pure. */
export function withoutStored(settings: SystemSettings, stored: SystemSettings): Members {
  const table = (given: Members, known: Members, fields: readonly string[]): Members =>
    Object.fromEntries(
      Object.entries(given).flatMap(([id, entry]): [string, unknown][] => {
        const before = own(known, id);
        if (isSame(entry, before)) return [];
        return [[id, isMembers(entry) && isMembers(before) ? ownFields(entry, before, fields) : entry]];
      }),
    );
  return {
    ...ownFields({ ...settings }, { ...stored }, SETTINGS),
    providers: table(settings.providers, stored.providers, PROVIDER),
    agents: table(settings.agents, stored.agents, AGENT),
  };
}

/** The known fields, and of the others those that differ from what is stored. */
function ownFields(given: Members, stored: Members, known: readonly string[]): Members {
  const entries = Object.entries(given);
  return Object.fromEntries(entries.filter(([key, value]) => known.includes(key) || !isSame(own(stored, key), value)));
}

/** Whether a patch changes nothing. */
export function isEmptyPatch(patch: SettingsPatch): boolean {
  return Object.values(patch).every((change) => change === undefined);
}
