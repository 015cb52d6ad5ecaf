import type { ExperimentSettings, TunedSettings } from "@babylon/llm-core";

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
