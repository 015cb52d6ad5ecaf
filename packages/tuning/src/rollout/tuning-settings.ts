import type { ChangeOptions } from "@babylon/experiments";
import type {
  ExperimentSettings,
  SettingsSnapshot,
  SettingsSource,
  SystemSettings,
  TunedSettings,
} from "@babylon/llm-core";

/** Fields that a change sets; `null` removes one. */
type Changed<T> = { readonly [Field in keyof T]?: T[Field] | null | undefined };

/** A change of an agent's settings; `null` removes a field. */
export interface AgentChange {
  readonly provider?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly models?: Readonly<Record<string, string | null>> | null | undefined;
}

/** A change that this package makes: a merge patch of the settings. */
export interface TuningChange {
  readonly providers?: Readonly<Record<string, { readonly model: string | null } | null>> | undefined;
  readonly agents?: Readonly<Record<string, AgentChange | null>> | undefined;
  readonly tuned?: Readonly<Record<string, Changed<TunedSettings> | null>> | undefined;
  readonly experiments?: Readonly<Record<string, ExperimentSettings>> | undefined;
}

/** Settings that can be changed: the store of `createSettingsStore`. */
export interface TuningSettings extends SettingsSource {
  get(options?: { readonly fresh?: boolean | undefined }): Promise<SettingsSnapshot>;
  /** Changes the stored settings by compare-and-set: the function runs again if another writer was first. */
  update(
    change: (settings: SystemSettings) => Promise<TuningChange>,
    options: ChangeOptions,
  ): Promise<{ readonly snapshot: { readonly version: number | null } }>;
}
