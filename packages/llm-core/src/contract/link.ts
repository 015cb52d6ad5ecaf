import type { LLMErrorCode } from "../errors/error-code.ts";

/** What a breaker tells links apart by. */
export interface LinkRef {
  readonly provider: string;
  readonly model: string;
  /** The key in use, as `Provider.credentialId` names it, never the key. */
  readonly credential: string;
}

/** `closed`: in use. `open`: failed too often. `half-open`: one probe may go. `resting`: the provider asked for time. */
export type LinkStateName = "closed" | "open" | "half-open" | "resting";

/** How a link stands. */
export interface LinkState {
  readonly state: LinkStateName;
  /** Until when it is not asked, on the clock's monotonic scale; `null`: it may be. */
  readonly untilMonoMs: number | null;
  /** The message of what put it there. */
  readonly why: string | null;
  /** The code of what put it there. */
  readonly code: LLMErrorCode | null;
  /** Whether the one probe of a half-open link is out. */
  readonly probing: boolean;
}
