import type { LLMErrorCode } from "../errors/error-code.ts";

/** The identity of a link for breaker, limits and statistics. */
export interface LinkRef {
  readonly provider: string;
  readonly model: string;
  /** The id of the key in use (`Provider.credentialId`), never the key itself. */
  readonly credential: string;
}

/** `closed`: in use. `open`: failed too often. `half-open`: one probe is permitted. `resting`: the provider named a wait. */
export type LinkStateName = "closed" | "open" | "half-open" | "resting";

/** The breaker state of a link. */
export interface LinkState {
  readonly state: LinkStateName;
  /** Monotonic time until which the link gets no requests; `null`: it gets requests now. */
  readonly untilMonoMs: number | null;
  /** The message of the error that caused the state. */
  readonly why: string | null;
  /** The code of the error that caused the state. */
  readonly code: LLMErrorCode | null;
  /** Whether the probe of a half-open link is in flight. */
  readonly probing: boolean;
}
