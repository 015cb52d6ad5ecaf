import type { LLMError } from "../errors/llm-error.ts";
import type { LinkRef, LinkState } from "./link.ts";

/** Given at the start of an attempt and handed back at its end. Opaque outside the breaker. */
export interface BreakerTicket {
  readonly link: LinkRef;
  readonly trips: number;
  readonly credentialTrips: number;
  readonly probe: boolean;
}

/**
 * Remembers which links fail. The client asks before each attempt and tells after it; everything else is the breaker's own.
 * All calls are synchronous: one that shares its state with other processes works on its last copy.
 */
export interface Breaker {
  /** How the link stands now. */
  read(link: LinkRef): LinkState;
  /**
   * A number that is another one whenever any link may read differently than before, also because time has passed. Plans are kept
   * while it stays the same; without it, each call is planned anew.
   */
  epoch?(): number;
  /** An attempt on the link begins. On a half-open link it is the probe. */
  begin(link: LinkRef): BreakerTicket;
  /** `released`: the attempt says nothing about the link (the caller gave up). */
  end(ticket: BreakerTicket, result: "success" | "released" | LLMError): void;
  /** Leaves the link alone for so long, or until a probe is due if that is sooner; the longer of two rests wins. */
  rest(link: LinkRef, forMs: number, why: string): void;
  /** Forgets all failures of a provider. */
  revive(provider: string): void;
}
