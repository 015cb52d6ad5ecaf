import type { LinkStateName } from "../contract/link.ts";
import type { LinkFigures } from "../contract/link-figures.ts";

/** How one link stands, as this process sees it. */
export interface LinkHealth extends LinkFigures {
  readonly provider: string;
  readonly model: string;
  readonly state: LinkStateName;
  /** Epoch milliseconds until which it is left alone; `null` when it is not. */
  readonly until: number | null;
  /** The error code that put it there. */
  readonly code: string | null;
  /** The error's message. */
  readonly why: string | null;
  /** Calls in flight and calls in the queue, of all models of the provider with the same key. */
  readonly active: number;
  readonly queued: number;
  /** How many calls may be in flight now. */
  readonly limit: number;
}
