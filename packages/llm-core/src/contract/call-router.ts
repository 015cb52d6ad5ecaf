import type { CallOptions } from "./call-options.ts";
import type { SystemSettings } from "./settings.ts";

/** What a router decides on. */
export interface AssignInput {
  /** Those that the call is planned with. */
  readonly settings: SystemSettings;
  readonly agent: string | null;
  readonly tenant: string | null;
  readonly purpose: string | null;
  readonly unit: CallOptions["unit"] | null;
  /** `null`: a plan that no call follows, without a `callId`. */
  readonly callId: string | null;
}

/** The arm of an experiment that a call is in. */
export interface Assignment {
  readonly experiment: string;
  /** The version of the experiment. */
  readonly version: number;
  readonly arm: string;
  /** Where the unit fell, 0 up to 1. */
  readonly bucket: number;
  /** How likely this arm was, above 0 up to 1. */
  readonly probability: number;
  /** Goes first in the chain, unless the agent's own setting names a provider. */
  readonly provider?: string | undefined;
  /** The model of `provider`. Nothing without it. */
  readonly model?: string | undefined;
  /** Models by provider id; the order of the chain stays. */
  readonly models?: Readonly<Record<string, string>> | undefined;
}

/**
 * Assigns calls to arms of experiments, before the configuration is resolved. A model that it names takes the place between the agent's
 * own setting and the settings' `providers`; of several assignments the first that names one counts. Of a call in an experiment the
 * attempts are not hedged.
 */
export interface CallRouter {
  /** Synchronous, pure, throws nothing: it is asked for calls and for plans. What it throws is logged: then there is no assignment. */
  assign(input: AssignInput): readonly Assignment[];
}
