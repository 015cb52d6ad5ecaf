import type { AgentSettings, CurrentSettings, ProviderSettings, SystemSettings } from "@babylon/admin-api/contract";
import { applySettingsPatch, diffSettings } from "@babylon/settings-store/patch";
import { mergeRules } from "./budget-rules.ts";

/** Settings that are being edited, and the saved ones they started from. */
export interface Draft {
  readonly base: Pick<CurrentSettings, "settings" | "version">;
  readonly settings: SystemSettings;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isSettings(value: unknown): value is SystemSettings {
  if (!isRecord(value) || !isRecord(value.providers) || !isRecord(value.agents)) return false;
  return value.order === null || Array.isArray(value.order);
}

/** A stored draft; `null` where it is none. Its parts are checked by the server when it is saved. */
export function parseDraft(stored: unknown): Draft | null {
  if (!isRecord(stored) || !isRecord(stored.base)) return null;
  const { base, settings } = stored;
  const { version, settings: baseSettings } = base;
  if (!isSettings(settings) || !isSettings(baseSettings)) return null;
  if (version !== null && typeof version !== "number") return null;
  return { base: { settings: baseSettings, version }, settings };
}

const without = <T>(table: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(table).filter(([each]) => each !== key));

function withProvider(settings: SystemSettings, id: string, change: ProviderSettings): SystemSettings {
  const stored = Object.hasOwn(settings.providers, id) ? settings.providers[id] : undefined;
  const { enabled, model } = { ...stored, ...change };
  const next: ProviderSettings = { ...(enabled === undefined ? {} : { enabled }), ...(model == null ? {} : { model }) };
  return { ...settings, providers: { ...settings.providers, [id]: next } };
}

/** Switches a provider on or off; its model stays. */
export const setEnabled = (settings: SystemSettings, id: string, enabled: boolean): SystemSettings =>
  withProvider(settings, id, { enabled });

/** Chooses a provider's model; `null` removes the choice, so that the code, the variable or the default applies. */
export const setModel = (settings: SystemSettings, id: string, model: string | null): SystemSettings =>
  withProvider(settings, id, { model });

/** Moves an item of a list. */
export function moveItem<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const moved = items[from];
  if (moved === undefined || to < 0 || to >= items.length) return items;
  return items.toSpliced(from, 1).toSpliced(to, 0, moved);
}

/** Puts the providers in an order. */
export const setOrder = (settings: SystemSettings, order: readonly string[]): SystemSettings => ({
  ...settings,
  order,
});

/** Adds or changes an agent's own settings; `null` removes them. */
export function setAgent(settings: SystemSettings, id: string, agent: AgentSettings | null): SystemSettings {
  const others = without(settings.agents, id);
  return { ...settings, agents: agent === null ? others : { ...others, [id]: agent } };
}

/** The ids in the order that some settings give them: those listed first, then the others as they were. */
export function orderOf(settings: SystemSettings, ids: readonly string[]): readonly string[] {
  const listed = (settings.order ?? []).filter((id) => ids.includes(id));
  return [...listed, ...ids.filter((id) => !listed.includes(id))];
}

/** Whether anything differs from the settings that the editing started from. */
export function isChanged({ base, settings }: Draft): boolean {
  return Object.keys(diffSettings(base.settings, settings)).length > 0;
}

/** The changes of a draft, applied to settings that another user has saved since. Budgets are merged rule by rule. */
export function reapply({ base, settings }: Draft, current: CurrentSettings): Draft {
  const { budgets: _, ...patch } = diffSettings(base.settings, settings);
  const merged = applySettingsPatch(current.settings, patch);
  return { base: current, settings: mergeRules(base.settings, settings, merged) };
}
