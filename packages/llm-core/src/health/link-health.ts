import type { LinkStateName } from "../contract/link.ts";
import type { LinkFigures } from "../contract/link-figures.ts";

/** The state and the figures of one link, in this process. */
export interface LinkHealth extends LinkFigures {
  readonly provider: string;
  readonly model: string;
  readonly state: LinkStateName;
  /** Epoch milliseconds until which it is not called; `null`: it may be. */
  readonly until: number | null;
  /** The error code of its state. */
  readonly code: string | null;
  /** The message of that error. */
  readonly why: string | null;
  /** Calls in flight and calls in the queue, of all models of the provider with the same key. */
  readonly active: number;
  readonly queued: number;
  /** How many calls may be in flight now. */
  readonly limit: number;
}
