import type { LLMErrorCode } from "../errors/error-code.ts";
import type { Assignment } from "./call-router.ts";
import type { LinkStateName } from "./link.ts";
import type { LinkFigures } from "./link-figures.ts";

/** The source of a link's model. */
export type ModelSource = "call" | "agent" | "experiment" | "settings" | "factory" | "variable" | "default";

/** One provider with one model in the chain, and the reason for it. */
export interface PlannedLink {
  readonly provider: string;
  readonly model: string;
  /** The source of the model, and why the link has its position, for people. */
  readonly reason: string;
}

/** A provider that is not in the chain, and the reason, for people. */
export interface SkippedProvider {
  readonly provider: string;
  /** For example `no key: set GROQ_API_KEY`, `switched off`, `unsupported: images`, `resting until …`, `refused: …` by a gate. */
  readonly reason: string;
}

/** The status of one provider, in the chain or not. For display; a call uses `links` only. */
export interface ProviderStanding extends LinkFigures {
  readonly provider: string;
  /** The resolved model. */
  readonly model: string;
  /** The source of the model. */
  readonly modelSource: ModelSource;
  /** `false`: an operator switched it off. */
  readonly enabled: boolean;
  /** Whether a key is available. */
  readonly configured: boolean;
  /** `closed`: in use. `open`: failed too often. `half-open`: one probe is permitted. `resting`: the provider named a wait. */
  readonly state: LinkStateName;
  /** Epoch milliseconds until which it gets no requests; `null`: it gets requests now. */
  readonly until: number | null;
  /** The code of the error that caused the state. */
  readonly code: LLMErrorCode | null;
  readonly why: string | null;
  /** Why it is not in the chain, for people; `null`: it is in the chain. */
  readonly skipped: string | null;
}

/** The links that a call would try, determined without a request. */
export interface Plan {
  /** In the order in which they are tried. */
  readonly links: readonly PlannedLink[];
  readonly skipped: readonly SkippedProvider[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
  /** Every provider of the client, in the order of the settings, whether in the chain or not. */
  readonly providers: readonly ProviderStanding[];
  /** The arms of experiments that the call is assigned to, and why it is excluded from an experiment. Present if there are any. */
  readonly experiments?: readonly Assignment[];
}
