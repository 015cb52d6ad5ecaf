import { isRecord, type JsonObject, type JsonValue, type SystemSettings } from "@babylon/llm-core";
import { invalidSettings } from "../errors/settings-error.ts";
import { applyMergePatch, isEqual } from "../schema/merge-patch.ts";
import type { HistoryRow } from "./history-row.ts";

/** What leads back over one change. */
export type Undo = Pick<HistoryRow, "undo" | "nulls">;

type Members = Readonly<Record<string, unknown>>;

/** What leads from some settings back to those before, without loss: whatever fields they have, `null` among them. */
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
 * The settings before a change, as far as the row says so: its values are not checked again, only that there are settings. Throws
 * `invalid` where there are none.
 */
export function revert(settings: SystemSettings, { undo, nulls = {} }: Undo): SystemSettings {
  const merged = withNulls(applyMergePatch(settings, undo), nulls);
  const { order = null, providers, agents, ...others } = isRecord(merged) ? merged : {};
  const touched = (field: "providers" | "agents") => [...keysOf(undo[field]), ...keysOf(nulls[field])];
  const before: Members = {
    ...others,
    order,
    providers: tableOf("providers", providers, touched("providers")),
    agents: tableOf("agents", agents, touched("agents")),
  };
  // The row was made of settings that had been checked.
  return before as unknown as SystemSettings;
}

const keysOf = (value: unknown): readonly string[] => (isRecord(value) ? Object.keys(value) : []);

function tableOf(field: string, table: unknown, touched: readonly string[]): Members {
  if (table === undefined || table === null) return {};
  const isTable = isRecord(table) && touched.every((key) => !Object.hasOwn(table, key) || isRecord(table[key]));
  if (!isTable) throw invalidSettings([{ path: `history.${field}`, message: "a row leads to something else" }]);
  return table;
}

function withNulls(target: unknown, nulls: JsonObject): unknown {
  const entries = Object.entries(nulls);
  if (entries.length === 0) return target;
  const members = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [key, inner] of entries) members.set(key, isRecord(inner) ? withNulls(members.get(key), inner) : null);
  return Object.fromEntries(members);
}
