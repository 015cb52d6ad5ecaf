/** The state of an experiment. Only a running one assigns calls. */
export type ExperimentState = "draft" | "running" | "paused" | "stopped";

/** What an experiment assigns: all calls of an agent, or of a session (`unit.session`), get the same arm. */
export type ExperimentUnit = "agent" | "session" | "call";

/** One arm of an experiment. Without `provider` and `models` it changes nothing: a control, or a variant that the application makes. */
export interface ExperimentArm {
  readonly id: string;
  /**
   * The share of the units, of 10,000. The weights of all arms that are not shadows add up to 10,000. For a shadow: the share of the
   * experiment's calls that are copied.
   */
  readonly weight: number;
  /** The first provider of the chain. */
  readonly provider?: string | undefined;
  /** The model of `provider`. */
  readonly model?: string | undefined;
  /** Models by provider id. Does not change the order of the chain. */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** `true`: no unit gets this arm; it is sent copies of calls, and its answers are never shown. Default false. */
  readonly shadow?: boolean | undefined;
  /** `true`: its units are not in the experiment, and the other arms keep theirs. Default false. */
  readonly paused?: boolean | undefined;
}

/** The calls that an experiment is about: those that all of its lists contain. Absent lists: all. A call without a tenant is in no list of tenants. */
export interface ExperimentAudience {
  readonly agents?: readonly string[] | undefined;
  readonly purposes?: readonly string[] | undefined;
  readonly tenants?: readonly string[] | undefined;
  /** Experiments of one layer with disjoint ranges have no unit in common. */
  readonly layer?: string | undefined;
  /** The part of the layer: from 0 to 1, the end excluded. */
  readonly layerRange?: readonly [from: number, to: number] | undefined;
}

/** A metric that must not get worse. */
export interface ExperimentGuardrail {
  readonly metric: string;
  /** The largest acceptable change for the worse, in the unit of the metric. */
  readonly worseBy: number;
  /** Whether more is better (`up`) or worse (`down`). Default `down`. */
  readonly direction?: "up" | "down" | undefined;
  /**
   * With `times`: the guardrail is about this quantile of the calls, from 0.5 to 0.999, and not about the mean. The quantile of an arm may be up to
   * `times` that of the control; `worseBy` is the share of calls by which it may be missed, and 0 usually. For metrics that follow from the
   * record of a call, of which less is better.
   */
  readonly quantile?: number | undefined;
  /** With `quantile`, 1 or more. */
  readonly times?: number | undefined;
}

/** An experiment between models. */
export interface ExperimentSettings {
  readonly state: ExperimentState;
  /** The arm that was chosen when the experiment ended; `null` or absent: none. */
  readonly winner?: string | null | undefined;
  /** Counts changes of the arms; each version is evaluated separately. Default 1. */
  readonly version?: number | undefined;
  readonly unit: ExperimentUnit;
  /** The seed of the hash that assigns units to arms. Default: the id of the experiment. */
  readonly seed?: string | undefined;
  /** The first one is the control. The order determines the ranges of the hash. A single one is the rule for all calls of the audience. */
  readonly arms: readonly ExperimentArm[];
  /** The share of each arm's range that takes part, of 10,000: raising it moves no unit between arms. Default 10,000. */
  readonly coverage?: number | undefined;
  readonly audience?: ExperimentAudience | undefined;
  /** The metric that decides. */
  readonly metric: string;
  /** Whether more of the metric is better (`up`) or worse (`down`). */
  readonly direction: "up" | "down";
  readonly guardrails?: readonly ExperimentGuardrail[] | undefined;
  /** The number of units, of all arms together, that the experiment is planned for. */
  readonly plannedUnits?: number | undefined;
  /** Pause an arm that is proven to be worse than the control, by itself. Default false. */
  readonly pauseHarmful?: boolean | undefined;
}
