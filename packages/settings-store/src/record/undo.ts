import { isRecord, type JsonObject, type JsonValue, type SystemSettings } from "@babylon/llm-core";
import { invalidSettings } from "../errors/settings-error.ts";
import { applyMergePatch, isEqual } from "../schema/merge-patch.ts";
import type { HistoryRow } from "./history-row.ts";

/** Reverts one change. */
export type Undo = Pick<HistoryRow, "undo" | "nulls">;

type Members = Readonly<Record<string, unknown>>;

/** Computes how to revert `after` to `before` without loss: unknown fields and `null` members are restored, too. */
export function undoOf(after: SystemSettings, before: SystemSettings): Undo {
  const { undo, nulls } = diff({ ...after }, { ...before });
  return nulls === undefined ? { undo } : { undo, nulls };
}

function diff(from: Members, to: Members): Undo {
  const undo: [string, JsonValue][] = Object.keys(from).flatMap((key) => (Object.hasOwn(to, key) ? [] : [[key, null]]));
  const nulls: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(to)) {
    const known = Object.hasOwn(from, key) ? from[key] : undefined;
    if (isEqual(known, value)) continue;
    if (isRecord(value)) {
      const inner = diff(isRecord(known) ? known : {}, value);
      undo.push([key, inner.undo]);
      if (inner.nulls !== undefined) nulls.push([key, inner.nulls]);
    } else {
      // What reaches this point was parsed from JSON or checked by the schema, so it is JSON.
      undo.push([key, value as JsonValue]);
      if (value === null) nulls.push([key, null]);
    }
  }
  return { undo: Object.fromEntries(undo), nulls: nulls.length === 0 ? undefined : Object.fromEntries(nulls) };
}

/**
 * The settings before a change. Field values are not validated again, only the structure of the settings. Throws `invalid` when the
 * structure is wrong.
 */
export function revert(settings: SystemSettings, { undo, nulls = {} }: Undo): SystemSettings {
  const merged = withNulls(applyMergePatch(settings, undo), nulls);
  const { order = null, providers, agents, ...others } = isRecord(merged) ? merged : {};
  const changedIds = (field: "providers" | "agents") => [...keysOf(undo[field]), ...keysOf(nulls[field])];
  const before: Members = {
    ...others,
    order,
    providers: tableOf("providers", providers, changedIds("providers")),
    agents: tableOf("agents", agents, changedIds("agents")),
  };
  // The row was computed from valid settings.
  return before as unknown as SystemSettings;
}

const keysOf = (value: unknown): readonly string[] => (isRecord(value) ? Object.keys(value) : []);

function tableOf(field: string, table: unknown, changedIds: readonly string[]): Members {
  if (table === undefined || table === null) return {};
  const isTable = isRecord(table) && changedIds.every((key) => !Object.hasOwn(table, key) || isRecord(table[key]));
  if (!isTable)
    throw invalidSettings([{ path: `history.${field}`, message: "a row does not revert to valid settings" }]);
  return table;
}

function withNulls(target: unknown, nulls: JsonObject): unknown {
  const entries = Object.entries(nulls);
  if (entries.length === 0) return target;
  const members = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [key, inner] of entries) members.set(key, isRecord(inner) ? withNulls(members.get(key), inner) : null);
  return Object.fromEntries(members);
}
