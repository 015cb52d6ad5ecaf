import type { BudgetRule } from "./budget-rule.ts";
import type { ExperimentSettings } from "./experiment-settings.ts";

/** The settings of one agent: a preferred link as the first of the chain, or models by provider id without a change of order. */
export type AgentSettings =
  | { readonly provider: string; readonly model?: string | null | undefined }
  | { readonly models: Readonly<Record<string, string>> };

/** The settings of one provider. */
export interface ProviderSettings {
  /** Absent: enabled if a key is present. */
  readonly enabled?: boolean | undefined;
  /** `null` or absent: the model of the factory, the environment variable or the default. */
  readonly model?: string | null | undefined;
}

/** Settings that an operator can change while the service runs. */
export interface SystemSettings {
  /** Provider ids in order of priority; the others follow in code order. `null`: code order. */
  readonly order: readonly string[] | null;
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly agents: Readonly<Record<string, AgentSettings>>;
  /** Limits of cost and tokens, which `@babylon/budget` applies together with those of the code. A newer version may have stored others. */
  readonly budgets?: readonly BudgetRule[] | undefined;
  /** By experiment id. Absent: none. */
  readonly experiments?: Readonly<Record<string, ExperimentSettings>> | undefined;
}

/** Settings without any change from the defaults. */
export const EMPTY_SETTINGS: SystemSettings = Object.freeze({
  order: null,
  providers: Object.freeze({}),
  agents: Object.freeze({}),
});

/** An immutable, deeply frozen snapshot of the settings. The same object until the value changes. */
export interface SettingsSnapshot {
  readonly value: SystemSettings;
  /** Increases with each committed change; `null`: the source has no versions. */
  readonly version: number | null;
}

/** A source of settings that the client reads at each plan, such as a settings store. */
export interface SettingsSource {
  /** The cached snapshot, synchronously; `undefined`: there is none, or it is stale. */
  peek?(): SettingsSnapshot | undefined;
  /** The current settings. */
  get(): Promise<SettingsSnapshot>;
}
