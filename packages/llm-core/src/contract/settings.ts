/** An agent's own choice: one link in front of the chain, or a model per provider with the order unchanged. */
export type AgentSettings =
  | { readonly provider: string; readonly model?: string | null | undefined }
  | { readonly models: Readonly<Record<string, string>> };

/** One provider's switch and model. */
export interface ProviderSettings {
  /** Absent: on when a key is present. */
  readonly enabled?: boolean | undefined;
  /** `null` or absent: the factory's, the variable's or the default model. */
  readonly model?: string | null | undefined;
}

/** What an operator may change while the service runs. */
export interface SystemSettings {
  /** Provider ids, first first; those not listed follow in code order. `null`: the order of the code. */
  readonly order: readonly string[] | null;
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly agents: Readonly<Record<string, AgentSettings>>;
}

/** Settings that change nothing. */
export const EMPTY_SETTINGS: SystemSettings = Object.freeze({
  order: null,
  providers: Object.freeze({}),
  agents: Object.freeze({}),
});

/** The settings at one moment. Deeply frozen; the same object until the value changes. */
export interface SettingsSnapshot {
  readonly value: SystemSettings;
  /** Counts committed changes; `null` where the source does not count. */
  readonly version: number | null;
}

/** Where the client reads the settings from at each plan, such as a settings store. */
export interface SettingsSource {
  /** The snapshot at hand, without waiting; `undefined` when there is none or it wants reloading. */
  peek?(): SettingsSnapshot | undefined;
  /** The settings of the moment. */
  get(): Promise<SettingsSnapshot>;
}
