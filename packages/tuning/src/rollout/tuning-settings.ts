import type { ChangeOptions } from "@babylon/experiments";
import type { SettingsSnapshot, SettingsSource, SystemSettings } from "@babylon/llm-core";
import type { TuningChange } from "./tuning-change.ts";

/** Settings that can be changed: the store of `createSettingsStore`. */
export interface TuningSettings extends SettingsSource {
  get(options?: { readonly fresh?: boolean | undefined }): Promise<SettingsSnapshot>;
  /** Changes the stored settings by compare-and-set: the function runs again if another writer was first. */
  update(
    change: (settings: SystemSettings) => Promise<TuningChange>,
    options: ChangeOptions,
  ): Promise<{ readonly snapshot: { readonly version: number | null } }>;
}
