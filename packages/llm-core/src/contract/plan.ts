import type { LLMErrorCode } from "../errors/error-code.ts";
import type { LinkStateName } from "./link.ts";
import type { LinkFigures } from "./link-figures.ts";

/** Where a link's model was named. */
export type ModelSource = "call" | "agent" | "experiment" | "settings" | "factory" | "variable" | "default";

/** One provider with one model, as the chain holds it, and why that model. */
export interface PlannedLink {
  readonly provider: string;
  readonly model: string;
  /** Where the model comes from and anything else that put the link in its place, for people. */
  readonly reason: string;
}

/** A provider that is not in the chain, and why, for people. */
export interface SkippedProvider {
  readonly provider: string;
  /** For example `no key: set GROQ_API_KEY`, `switched off`, `unsupported: images`, `resting until …`, `refused: …` by a gate. */
  readonly reason: string;
}

/**
 * Where one provider stands: in the chain or not. For those who show the chain to people; a call looks at `links` alone.
 */
export interface ProviderStanding extends LinkFigures {
  readonly provider: string;
  /** The model it is called with, or would be. */
  readonly model: string;
  /** Where the model was named. */
  readonly modelSource: ModelSource;
  /** `false`: an operator switched it off. */
  readonly enabled: boolean;
  /** Whether a key is at hand. */
  readonly configured: boolean;
  /** `closed`: in use. `open`: failed too often. `half-open`: one probe may go. `resting`: the provider asked for time. */
  readonly state: LinkStateName;
  /** Epoch milliseconds until which it is left alone; `null` when it is not. */
  readonly until: number | null;
  /** The error that put it there. */
  readonly code: LLMErrorCode | null;
  readonly why: string | null;
  /** Why it is not in the chain, for people; `null` for those that are. */
  readonly skipped: string | null;
}

/** What a call would do, decided without calling anyone. */
export interface Plan {
  /** In the order in which they would be tried. */
  readonly links: readonly PlannedLink[];
  readonly skipped: readonly SkippedProvider[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
  /** Every provider of the client, in the order of the settings, whether in the chain or not. */
  readonly providers: readonly ProviderStanding[];
}
