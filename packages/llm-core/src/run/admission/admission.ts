import type { Attempt } from "../../contract/attempt.ts";
import type { Permit } from "../../contract/attempt-gate.ts";
import type { BreakerTicket } from "../../contract/breaker.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import type { Slot } from "../../limit/concurrency-limiter.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { AttemptResult } from "../attempt/attempt-result.ts";
import type { Engine } from "../engine.ts";

/**
 * What one attempt holds: a slot (with its lease, if processes share the limit), a breaker ticket and the permits of the gates. They are
 * acquired in this order, and released in reverse order when the attempt has ended or is withdrawn.
 */
export interface Admission {
  readonly engine: Engine;
  readonly link: ChainLink;
  readonly slot: Slot;
  readonly ticket: BreakerTicket;
  permits: readonly Permit[];
}

/** Shared by all attempts without permits. */
const NO_PERMITS: readonly Permit[] = [];

/** Starts an admission with a slot that is held, and takes a breaker ticket. `passGates` then adds the permits. */
export function beginAdmission(engine: Engine, link: ChainLink, slot: Slot): Admission {
  return { engine, link, slot, ticket: engine.breaker.begin(link.resolved.ref), permits: NO_PERMITS };
}

/** Settles a permit; an error that it throws is logged. */
export function settlePermit({ guard }: Engine, permit: Permit, attempt: Attempt): void {
  guard.run("a gate", "settle", () => permit.settle(attempt));
}

/** How an attempt ended, and what that means for the health of its link. */
export interface AdmissionEnd {
  readonly outcome: AttemptResult;
  /** The link gave a complete answer, but the call did not accept it. */
  readonly answered: boolean;
  /** The caller caused the end: it does not count for or against the link. */
  readonly released: boolean;
}

/** Releases everything without an attempt. `attempt` is passed to the permits' `settle`. */
export function withdrawAdmission(admission: Admission, attempt: Attempt): void {
  releaseAll(admission, attempt, "released", null);
}

/** Reports an ended attempt to breaker, statistics, limiter and gates, and releases everything. To be called once. */
export function endAdmission(
  admission: Admission,
  attempt: Attempt,
  { outcome, answered, released }: AdmissionEnd,
): void {
  const { engine, ticket } = admission;
  const good = outcome === "success";
  // A complete answer that the call does not accept shows that the link works, even if the token limit cut it.
  const result = released || outcome === "cancelled" ? "released" : answered ? "success" : outcome;
  releaseAll(admission, attempt, result, outcome);
  if (result === "released") return;
  const { durationMs, firstTokenMs } = attempt;
  engine.stats.add(ticket.link, { good, durationMs, firstTokenMs });
}

function releaseAll(
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
