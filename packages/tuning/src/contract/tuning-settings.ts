import type { SettingsSnapshot, SettingsSource, SystemSettings } from "@babylon/llm-core";

/** The part of a settings change that this package makes: a merge patch. */
export interface TuningChange {
  readonly providers?: Readonly<Record<string, { readonly model?: string | null } | null>> | undefined;
  readonly agents?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>> | undefined;
  readonly tuned?: Readonly<Record<string, object | null>> | undefined;
  readonly experiments?: Readonly<Record<string, object>> | undefined;
}

/** Who makes a change and why. */
export interface ChangeOptions {
  /** The author, for the history. */
  readonly actor?: string | undefined;
  /** For the history. */
  readonly reason?: string | undefined;
  /** Fail with `conflict` if another version of the settings is stored. Default: any, and changes of others are kept. */
  readonly expectedVersion?: number | undefined;
}

/** Settings that can be changed: the store of `createSettingsStore`. */
export interface TuningSettings extends SettingsSource {
  get(options?: { readonly fresh?: boolean | undefined }): Promise<SettingsSnapshot>;
  /** Changes the stored settings by compare-and-set: the function runs again if another writer was first. */
  update(
    // biome-ignore lint/suspicious/noExplicitAny: replaced below
    change: (settings: SystemSettings) => any,
    options: ChangeOptions,
  ): Promise<{ readonly snapshot: { readonly version: number } }>;
}
