import type { LLMError } from "../errors/llm-error.ts";
import type { LinkRef, LinkState } from "./link.ts";

/** Returned at the start of an attempt and passed back at its end. Opaque outside the breaker. */
export interface BreakerTicket {
  readonly link: LinkRef;
  readonly trips: number;
  readonly credentialTrips: number;
  readonly probe: boolean;
}

/**
 * A circuit breaker for links. The client calls `begin` before each attempt and `end` after it. All methods are synchronous: a breaker
 * that shares its state with other processes answers from its local copy.
 */
export interface Breaker {
  /** The current state of a link. */
  read(link: LinkRef): LinkState;
  /**
   * A number that changes whenever `read` of any link may have changed, also because time has passed. Plans are cached while it stays
   * the same. Without this method each call is planned anew.
   */
  epoch?(): number;
  /** Starts an attempt on the link. On a half-open link the attempt is the probe. */
  begin(link: LinkRef): BreakerTicket;
  /** Ends an attempt. `released`: no effect on the state of the link, such as after an abort by the caller. */
  end(ticket: BreakerTicket, result: "success" | "released" | LLMError): void;
  /** Suspends the link for `forMs`, or until its next probe if that is sooner. Of two suspensions the longer one applies. */
  rest(link: LinkRef, forMs: number, why: string): void;
  /** Clears all failures of a provider: its links are closed again. */
  revive(provider: string): void;
}
