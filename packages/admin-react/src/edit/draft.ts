import type { AgentSettings, CurrentSettings, ProviderSettings, SystemSettings } from "@babylon/admin-api/contract";
import { applySettingsPatch, diffSettings } from "@babylon/settings-store/patch";

/** Settings that are being edited, and what they were when the editing began. */
export interface Draft {
  readonly base: Pick<CurrentSettings, "settings" | "version">;
  readonly settings: SystemSettings;
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

/** Chooses a provider's model; `null` goes back to what the code, the variable or the default says. */
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

/** Adds or changes an agent's own settings; `null` takes them away. */
export function setAgent(settings: SystemSettings, id: string, agent: AgentSettings | null): SystemSettings {
  const others = without(settings.agents, id);
  return { ...settings, agents: agent === null ? others : { ...others, [id]: agent } };
}

/** The ids in the order that some settings give them: those listed first, then the others as they were. */
export function orderOf(settings: SystemSettings, ids: readonly string[]): readonly string[] {
  const listed = (settings.order ?? []).filter((id) => ids.includes(id));
  return [...listed, ...ids.filter((id) => !listed.includes(id))];
}

/** Whether anything differs from where the editing began. */
export function isChanged({ base, settings }: Draft): boolean {
  return Object.keys(diffSettings(base.settings, settings)).length > 0;
}

/** One's own changes on top of what somebody else saved meanwhile. */
export function reapply({ base, settings }: Draft, current: CurrentSettings): Draft {
  return { base: current, settings: applySettingsPatch(current.settings, diffSettings(base.settings, settings)) };
}
