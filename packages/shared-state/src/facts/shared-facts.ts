import { randomUUID } from "node:crypto";
import {
  type Breaker,
  type BreakerTicket,
  type Clock,
  ERROR_POLICY,
  type LinkRef,
  type LinkState,
  type LLMError,
  systemClock,
} from "@babylon/llm-core";
import type { Facts } from "../contract/facts.ts";
import { createReceivedFacts, type ReceivedFact, stateOfFact } from "./received-facts.ts";
import { credentialFactKey, linkFactKey, providerOfFactKey } from "./vendor-fact-key.ts";

/** Options of {@link sharedFacts}. */
export interface SharedFactsOptions {
  /** The clock of the breaker. Default: the system's. */
  readonly clock?: Clock | undefined;
  /** From 0 to below 1, for the jitter of probes. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** A breaker that shares what vendors say. */
export interface SharedBreaker extends Breaker {
  /** Stops listening; the state's `close` does, too. */
  close(): void;
}

/** How long a refused key counts where the breaker does not say: its own default. */
const REFUSED_KEY_MS = 300_000;

/** Longer waits are said again when they are asked for again. */
const LONGEST_FACT_MS = 86_400_000;

/**
 * Shares what vendors say with the breakers of other processes: a wait that a reply names, an exhausted quota, a refused key, and an
 * unknown model. Failures are counted by each process alone: a process with a broken network opens its own circuits only.
 *
 * Facts of other processes are in effect for what is left of them, plus up to 10 % at random; after a refused key or an unknown model, one
 * attempt of each process probes. Keys are recognized by their keyed hash, so all processes need the same `BABYLON_HASH_SECRET`.
 */
export function sharedFacts(breaker: Breaker, facts: Facts, options: SharedFactsOptions = {}): SharedBreaker {
  const { clock = systemClock, random = Math.random } = options;
  const received = createReceivedFacts(clock, random);
  const me = randomUUID();
  const probes = new WeakMap<BreakerTicket, readonly ReceivedFact[]>();

  const close = facts.listen((fact) => {
    if (fact.from !== me) received.add(fact);
  });

  const about = (link: LinkRef): readonly ReceivedFact[] =>
    received.isEmpty() ? [] : received.of([credentialFactKey(link), linkFactKey(link)]);

  function say(link: LinkRef, error: LLMError): void {
    const { code } = error;
    // An adapter of a newer version may use a code that is not in the table.
    const effect = Object.hasOwn(ERROR_POLICY, code) ? ERROR_POLICY[code].breaker : "none";
    if (effect === "rests" && error.retryAfterMs !== null) sayRest(link, error.retryAfterMs);
    if (effect !== "opens-link" && effect !== "opens-credential") return;
    const { code: openCode, untilMonoMs } = breaker.read(link);
    const isOpenForIt = openCode === code && untilMonoMs !== null;
    const forMs = isOpenForIt ? untilMonoMs - clock.monotonic() : REFUSED_KEY_MS;
    facts.say({ key: effect === "opens-link" ? linkFactKey(link) : credentialFactKey(link), code, forMs, from: me });
  }

  function sayRest(link: LinkRef, forMs: number): void {
    if (forMs <= 0) return;
    facts.say({ key: linkFactKey(link), code: "rate_limit", forMs: Math.min(forMs, LONGEST_FACT_MS), from: me });
  }

  const shared: SharedBreaker = {
    read(link) {
      const now = clock.monotonic();
      let state = breaker.read(link);
      for (const fact of about(link)) state = laterOf(state, stateOfFact(fact, now));
      return state;
    },
    begin(link) {
      const ticket = breaker.begin(link);
      const now = clock.monotonic();
      const probed = about(link).filter((fact) => fact.needsProbe && now >= fact.untilMonoMs);
      if (probed.length > 0) probes.set(ticket, probed);
      for (const fact of probed) received.setProbing(fact, true);
      return ticket;
    },
    end(ticket, result) {
      breaker.end(ticket, result);
      for (const fact of probes.get(ticket) ?? []) {
        received.setProbing(fact, false);
        // From here on the breaker has its own result.
        if (result !== "released") received.remove(fact);
      }
      if (typeof result === "object") say(ticket.link, result);
    },
    rest(link, forMs, why) {
      breaker.rest(link, forMs, why);
      sayRest(link, forMs);
    },
    revive(provider) {
      breaker.revive(provider);
      received.removeWhere((key) => providerOfFactKey(key) === provider);
    },
    close,
  };
  // Without `epoch`, each call is planned anew.
  if (breaker.epoch === undefined) return shared;
  return { ...shared, epoch: () => (breaker.epoch?.() ?? 0) + received.epoch() };
}

/** Of the states by the breaker and by a fact, the one that lasts longer. */
function laterOf(own: LinkState, factState: LinkState | null): LinkState {
  if (factState === null) return own;
  if (factState.untilMonoMs !== null) return (own.untilMonoMs ?? 0) >= factState.untilMonoMs ? own : factState;
  return own.state === "closed" ? factState : own;
}
