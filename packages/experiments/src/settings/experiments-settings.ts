import {
  type ExperimentSettings,
  invalidInput,
  isRecord,
  type SettingsSnapshot,
  type SettingsSource,
  type SystemSettings,
} from "@babylon/llm-core";

/** A change that experiments make: a merge patch of the settings. */
export interface ExperimentsChange {
  readonly order?: readonly string[] | undefined;
  readonly providers?: Readonly<Record<string, { readonly model: string }>> | undefined;
  readonly agents?: SystemSettings["agents"] | undefined;
  readonly experiments: Readonly<Record<string, Partial<ExperimentSettings>>>;
}

/** Who makes a change and why. */
export interface ChangeOptions {
  /** The author, for the history. */
  readonly actor?: string | undefined;
  /** For the history. */
  readonly reason?: string | undefined;
  /** Fail with `conflict` if another version of the settings is stored. */
  readonly expectedVersion?: number | undefined;
}

/** Settings that experiments read, and change if they are a store, such as that of `createSettingsStore`. */
export interface ExperimentsSettings extends SettingsSource {
  /** Applies the change to the stored settings. Absent: they cannot be changed. */
  update?(change: (settings: SystemSettings) => Promise<ExperimentsChange>, options: ChangeOptions): Promise<unknown>;
}

/** Whether an experiment has the form of this version; a newer one may have stored another. */
function isKnown(experiment: unknown): experiment is ExperimentSettings {
  return isRecord(experiment) && Array.isArray(experiment.arms) && experiment.arms.every(isRecord);
}

/** The experiments of some settings that this version knows. */
export function knownExperiments({ experiments }: SystemSettings): Readonly<Record<string, ExperimentSettings>> {
  if (!isRecord(experiments)) return {};
  return Object.fromEntries(Object.entries(experiments).filter(([, experiment]) => isKnown(experiment)));
}

/** The experiment of some settings. Throws `invalid_input` if there is none. */
export function experimentOf(settings: SystemSettings, id: string): ExperimentSettings {
  const experiments = knownExperiments(settings);
  const experiment = Object.hasOwn(experiments, id) ? experiments[id] : undefined;
  if (experiment !== undefined) return experiment;
  const ids = Object.keys(experiments);
  throw invalidInput(
    "experiment",
    ids.length === 0 ? "an experiment of the settings; there are none" : `one of ${ids.join(", ")}`,
  );
}

/** Settings, or a snapshot of them, as settings. */
export function settingsIn(given: SystemSettings | SettingsSnapshot): SystemSettings {
  return "value" in given ? given.value : given;
}
