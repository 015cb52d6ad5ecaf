import { type Clock, ERROR_POLICY, type LinkState, type LLMErrorCode } from "@babylon/llm-core";
import type { VendorFact } from "../contract/facts.ts";

/** A fact that another process said. */
export interface ReceivedFact {
  readonly key: string;
  readonly code: LLMErrorCode;
  readonly untilMonoMs: number;
  /** Whether one attempt has to succeed first, after its end. */
  readonly needsProbe: boolean;
  probing: boolean;
}

/** Facts by other processes. */
export interface ReceivedFacts {
  add(fact: VendorFact): void;
  /** The facts about any of the keys that have an effect now. */
  of(keys: readonly string[]): readonly ReceivedFact[];
  remove(fact: ReceivedFact): void;
  removeWhere(matches: (key: string) => boolean): void;
  setProbing(fact: ReceivedFact, probing: boolean): void;
  isEmpty(): boolean;
  /** Changes with each change, also because time has passed. */
  epoch(): number;
}

/** A longer rest ends with a probe, as in the breaker of this process. */
const MAX_REST_MS = 900_000;

/** Part of the duration that is added at random, so that processes that heard the same do not probe together. */
const JITTER = 0.1;
const MAX_JITTER_MS = 15_000;

const MAX_FACTS = 1_000;

/** The state of a link because of a fact; `null`: the fact has ended. */
export function stateOfFact({ code, untilMonoMs, needsProbe, probing }: ReceivedFact, now: number): LinkState | null {
  const why = `said by the provider to another process: ${code}`;
  if (now < untilMonoMs) {
    const state = ERROR_POLICY[code].breaker === "rests" ? "resting" : "open";
    return { state, untilMonoMs, why, code, probing: false };
  }
  return needsProbe ? { state: "half-open", untilMonoMs: null, why, code, probing } : null;
}

/** Creates an empty set. */
export function createReceivedFacts(clock: Clock, random: () => number): ReceivedFacts {
  const facts = new Map<string, ReceivedFact>();
  let changes = 0;
  let nextEndMonoMs = Number.POSITIVE_INFINITY;

  /** Notes that facts have ended since the last look. */
  function update(now: number): void {
    if (now < nextEndMonoMs) return;
    changes += 1;
    nextEndMonoMs = Number.POSITIVE_INFINITY;
    for (const [key, fact] of facts) {
      if (stateOfFact(fact, now) === null) facts.delete(key);
      else if (fact.untilMonoMs > now) nextEndMonoMs = Math.min(nextEndMonoMs, fact.untilMonoMs);
    }
  }

  return {
    add({ key, code, forMs }) {
      const now = clock.monotonic();
      update(now);
      const shortened = Math.min(forMs, MAX_REST_MS);
      const untilMonoMs = now + shortened + random() * Math.min(MAX_JITTER_MS, JITTER * shortened);
      const known = facts.get(key);
      if (known !== undefined && known.untilMonoMs >= now + shortened) return;
      if (known === undefined && facts.size >= MAX_FACTS) return;
      const needsProbe = ERROR_POLICY[code].breaker !== "rests" || forMs > MAX_REST_MS;
      facts.set(key, { key, code, untilMonoMs, needsProbe, probing: false });
      nextEndMonoMs = Math.min(nextEndMonoMs, untilMonoMs);
      changes += 1;
    },
    of(keys) {
      update(clock.monotonic());
      return keys.flatMap((key) => facts.get(key) ?? []);
    },
    remove(fact) {
      if (facts.get(fact.key) === fact && facts.delete(fact.key)) changes += 1;
    },
    removeWhere(matches) {
      for (const key of facts.keys()) if (matches(key)) facts.delete(key);
      changes += 1;
    },
    setProbing(fact, probing) {
      if (fact.probing === probing) return;
      fact.probing = probing;
      changes += 1;
    },
    isEmpty: () => facts.size === 0,
    epoch() {
      update(clock.monotonic());
      return changes;
    },
  };
}
