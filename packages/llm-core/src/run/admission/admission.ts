import type { Attempt } from "../../contract/attempt.ts";
import type { Permit } from "../../contract/attempt-gate.ts";
import type { BreakerTicket } from "../../contract/breaker.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import type { Slot } from "../../limit/concurrency-limiter.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { AttemptResult } from "../attempt/attempt-result.ts";
import type { Engine } from "../engine.ts";

/**
 * The right to make one attempt: a slot (with its lease, where processes share the limit), a place in the breaker, the permits of the
 * gates. They are taken in this order, and given back in the reverse order when the attempt has ended, or is not made after all.
 */
export interface Admission {
  readonly engine: Engine;
  readonly link: ChainLink;
  readonly slot: Slot;
  readonly ticket: BreakerTicket;
  permits: readonly Permit[];
}

/** Without permits: most attempts. */
const NO_PERMITS: readonly Permit[] = [];

/** Enters the breaker with a slot that is held. The gates are asked with `passGates`. */
export function beginAdmission(engine: Engine, link: ChainLink, slot: Slot): Admission {
  return { engine, link, slot, ticket: engine.breaker.begin(link.resolved.ref), permits: NO_PERMITS };
}

/** Settles a permit, whatever it does. */
export function settlePermit({ guard }: Engine, permit: Permit, attempt: Attempt): void {
  guard.run("a gate", "settle", () => permit.settle(attempt));
}

/** How an attempt ended, and what that says about its link. */
export interface AdmissionEnd {
  readonly outcome: AttemptResult;
  /** The link gave a whole answer, although it does not do for this call. */
  readonly answered: boolean;
  /** It ended for a reason of the caller's: it says nothing about the link. */
  readonly released: boolean;
}

/** The attempt was not made. `attempt` is what the permits are told. */
export function withdrawAdmission(admission: Admission, attempt: Attempt): void {
  giveBack(admission, attempt, "released", null);
}

/** The attempt has ended: enters it wherever it counts. Once. */
export function endAdmission(
  admission: Admission,
  attempt: Attempt,
  { outcome, answered, released }: AdmissionEnd,
): void {
  const { engine, ticket } = admission;
  const good = outcome === "success";
  // A whole answer that does not do for this call says that the link works, also one that the token limit cut.
  const result = released || outcome === "cancelled" ? "released" : answered ? "success" : outcome;
  giveBack(admission, attempt, result, outcome);
  if (result === "released") return;
  const { durationMs, firstTokenMs } = attempt;
  engine.stats.add(ticket.link, { good, durationMs, firstTokenMs });
}

function giveBack(
  { engine, link, slot, ticket, permits }: Admission,
  attempt: Attempt,
  result: "success" | "released" | LLMError,
  outcome: AttemptResult | null,
): void {
  for (let at = permits.length - 1; at >= 0; at -= 1) {
    const permit = permits[at];
    if (permit !== undefined) settlePermit(engine, permit, attempt);
  }
  engine.breaker.end(ticket, result);
  engine.probes.ended(ticket.link, result);
  const { provider, ref } = link.resolved;
  if (outcome === "success") engine.limiterOf(provider, ref).grow();
  else if (outcome !== null && outcome !== "cancelled" && outcome.concurrencyLimited) {
    engine.limiterOf(provider, ref).shrink();
  }
  slot.release();
}
