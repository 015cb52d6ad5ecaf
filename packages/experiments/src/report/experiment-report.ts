import type { ExclusionReason, ExperimentState } from "@babylon/llm-core";

/** What an experiment has shown so far, and what to do about it. */
export type Verdict = "winner" | "harmful" | "no-difference" | "undecided" | "invalid";

/** Low and high end of an interval that is valid at every look. */
export type Interval = readonly [low: number, high: number];

/** One arm. */
export interface ArmReport {
  readonly id: string;
  readonly isPaused: boolean;
  readonly units: number;
  readonly calls: number;
  /** Units whose metric is known. */
  readonly knownUnits: number;
  /** The mean of the units' means of the metric; `null`: it is not known of any unit. */
  readonly mean: number | null;
  /** Of the mean. */
  readonly interval: Interval | null;
  /** The mean share of a unit's calls for which another link was asked. */
  readonly fallbackRate: number | null;
  /** The share of calls whose metric is not known and will not be. */
  readonly unknownShare: number | null;
  /** The share of calls whose metric may still be observed. */
  readonly pendingShare: number | null;
  /** Further metrics that the report was asked for, by name. */
  readonly figures: Readonly<Record<string, ArmFigure>>;
}

/** The mean of the units' means of a metric; `null`: it is not known of any unit. */
export interface ArmFigure {
  readonly mean: number | null;
  readonly interval: Interval | null;
}

/** An arm compared with the control. */
export interface ArmComparison {
  readonly arm: string;
  /** Units of both arms whose metric is known. */
  readonly units: number;
  /** Mean of the arm minus mean of the control; `null`: one of them is not known. */
  readonly difference: number | null;
  readonly interval: Interval | null;
  /** The difference as a share of the control's mean; `null`: that is 0 or not known. */
  readonly relative: number | null;
  /** Of the relative difference. It may contain 0 where `interval` does not, or the other way round: the control's mean is estimated, too. */
  readonly relativeInterval: Interval | null;
  /** Valid at every look. */
  readonly p: number | null;
  /** The probability that the arm is better, for people. It is no reason to stop: it is wrong too often if one looks repeatedly. */
  readonly probabilityBetter: number | null;
}

/** The quantile that a guardrail is about. */
export interface GuardrailQuantile {
  /** From 0.5 to 0.999. */
  readonly of: number;
  /** How many times the control's quantile that of the arm may be. */
  readonly times: number;
  /** The control's quantile; `null`: it has no calls with a value. */
  readonly control: number | null;
}

/** A guardrail of one arm. */
export interface GuardrailReport {
  readonly metric: string;
  /** `null`: the guardrail is about the mean. Else `worse` and `worseBy` are shares of calls: see `ExperimentGuardrail.quantile`. */
  readonly quantile: GuardrailQuantile | null;
  readonly arm: string;
  readonly worseBy: number;
  /** How much worse the arm is than the control: above 0 is worse. */
  readonly worse: number | null;
  readonly interval: Interval | null;
  /** `violated`: surely worse by more than `worseBy`; `kept`: surely not. */
  readonly state: "kept" | "violated" | "unclear";
}

/** The comparison of those calls that the intended link served: what the models do, without their fallbacks. */
export interface ServedReport {
  readonly arms: readonly Pick<ArmReport, "id" | "units" | "mean" | "interval">[];
  readonly comparison: readonly ArmComparison[];
  /** `false`: the arms fall back at different rates, so that the served calls of one are not like those of the other. */
  readonly isComparable: boolean;
  readonly why: string;
}

/** A shadow arm: copies of calls, never shown to anyone. */
export interface ShadowReport {
  readonly arm: string;
  readonly calls: number;
  /** Means of the metrics of the copies, by name, with the number of copies whose value is known. */
  readonly metrics: Readonly<Record<string, { readonly known: number; readonly mean: number | null }>>;
  /** Metrics of judges: the share of pairs in which the copy's answer was better, a draw counting a half. */
  readonly preferred: Readonly<
    Record<string, { readonly pairs: number; readonly share: number | null; readonly interval: Interval | null }>
  >;
}

/** The state of an experiment. A pure function of its settings and its rows. */
export interface ExperimentReport {
  readonly experiment: string;
  readonly version: number;
  readonly state: ExperimentState;
  readonly metric: string;
  readonly direction: "up" | "down";
  /** `assigned`: an arm is its model with its fallbacks, and all its calls count. `served`: only those that its model served. */
  readonly as: "assigned" | "served";
  readonly units: number;
  readonly calls: number;
  readonly plannedUnits: number | null;
  /** Calls of the audience that are not in the experiment, by reason. */
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>;
  /** Units with calls in several arms. They are left out. */
  readonly mixedUnits: number;
  /** Rows that this process could not store. */
  readonly lost: number;
  /** Whether the arms have as many units as their weights say. */
  readonly srm: { readonly p: number; readonly ok: boolean };
  /** The control first. */
  readonly arms: readonly ArmReport[];
  readonly comparison: readonly ArmComparison[];
  readonly guardrails: readonly GuardrailReport[];
  /** Beside the comparison as assigned. */
  readonly served: ServedReport;
  readonly shadows: readonly ShadowReport[];
  readonly verdict: Verdict;
  /** The arm that has won; `null`: none. */
  readonly winner: string | null;
  /** Arms that are surely worse than the control, or violate a guardrail. */
  readonly harmful: readonly string[];
  /** The reason for the verdict, and the next step. */
  readonly why: string;
  /** What makes the figures less certain. */
  readonly warnings: readonly string[];
}

/** What an earlier look at the report of an experiment has shown. */
export interface ExperimentLook {
  /** What started and was known before this moment, epoch milliseconds. */
  readonly at: number;
  readonly units: number;
  /** Of each arm but the control. */
  readonly comparison: readonly ArmComparison[];
}
