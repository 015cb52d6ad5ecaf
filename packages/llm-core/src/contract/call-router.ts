import type { CallOptions } from "./call-options.ts";
import type { SystemSettings } from "./settings.ts";

/** A call that is assigned to arms of experiments. */
export interface AssignInput {
  /** The settings that the call is planned with. */
  readonly settings: SystemSettings;
  readonly agent: string | null;
  readonly tenant: string | null;
  readonly purpose: string | null;
  readonly unit: CallOptions["unit"] | null;
  /** `null`: `plan()` without a `callId`. */
  readonly callId: string | null;
  /** The provider that the call is pinned to. Absent: none. */
  readonly provider?: string | undefined;
  /** The models that the call names, by provider id. Absent: none. */
  readonly models?: Readonly<Record<string, string>> | undefined;
}

/**
 * Why a call of an experiment's audience is not in the experiment: it is pinned to a provider, it names a model of its own, or the settings
 * of its agent name a provider or a model.
 */
export type ExclusionReason = "pinned" | "call-models" | "agent-setting";

/** The arm of an experiment that a call is assigned to. */
export interface Assignment {
  readonly experiment: string;
  /** The version of the experiment. */
  readonly version: number;
  readonly arm: string;
  /** The hash bucket of the unit: at least 0, below 1. */
  readonly bucket: number;
  /** The probability of this arm: above 0, at most 1. */
  readonly probability: number;
  /** A keyed hash of the unit's id. */
  readonly unit?: string | undefined;
  /** The call is not in the experiment, and the arm does not apply to it. Absent: it is. */
  readonly excluded?: ExclusionReason | undefined;
  /** `true`: all calls of the audience have this arm, so nothing is compared, and the call may be hedged. Default false. */
  readonly isRollout?: boolean | undefined;
  /** The first provider of the chain, unless the agent's own setting names one. */
  readonly provider?: string | undefined;
  /** The model of `provider`. Ignored without `provider`. */
  readonly model?: string | undefined;
  /** Models by provider id. Does not change the order of the chain. */
  readonly models?: Readonly<Record<string, string>> | undefined;
}

/** An assignment, and what the call did with it. */
export interface Exposure extends Assignment {
  /**
   * The link that the call was to be served by: that of the arm, else the first of the healthy chain. `null`: there is none.
   */
  readonly intended: { readonly provider: string; readonly model: string } | null;
  /** Whether `intended` answered, or another link, or none. */
  readonly served: "intended" | "fallback" | "none";
}

/**
 * Assigns calls to arms of experiments, before the configuration is resolved. The model of an arm has a lower priority than the agent's
 * own setting and a higher one than `providers` of the settings; of several assignments the first that names a model applies. Calls in
 * an experiment that compares arms are not hedged.
 */
export interface CallRouter {
  /** Must be synchronous and pure: it runs for calls and for plans. If it throws, the error is logged and the call has no assignment. */
  assign(input: AssignInput): readonly Assignment[];
}
