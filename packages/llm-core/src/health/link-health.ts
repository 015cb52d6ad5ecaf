import type { LinkStateName } from "../contract/link.ts";
import type { LinkFigures } from "../contract/link-figures.ts";

/** The state and the figures of one link, in this process. */
export interface LinkHealth extends LinkFigures {
  readonly provider: string;
  readonly model: string;
  readonly state: LinkStateName;
  /** Until when it is not called, epoch milliseconds; `null`: it may be called. */
  readonly until: number | null;
  /** The error code of its state. */
  readonly code: string | null;
  /** The message of that error. */
  readonly why: string | null;
  /** Calls in flight and queued calls, of all models of the provider with the same key. */
  readonly active: number;
  readonly queued: number;
  /** The current maximum of calls in flight. */
  readonly limit: number;
}
