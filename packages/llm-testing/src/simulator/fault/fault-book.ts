import { createRandom, hashOf } from "../random.ts";
import type { SimulatedProvider } from "../simulated-provider.ts";
import type { Fault, FaultRule, FaultScope } from "./fault.ts";

/** The facts of a request that rules match. */
export interface FaultSubject {
  readonly provider: SimulatedProvider;
  readonly endpoint: "chat" | "models";
  readonly model: string;
  readonly callId: string | null;
  readonly prompt: string;
}

/** A fault that applies to a request, and how often its rule applied before. */
export interface AppliedFault {
  readonly fault: Fault;
  readonly before: number;
}

/** The active faults and their counters. */
export interface FaultBook {
  /** The fault for a request; `null` if none applies. Counts the request for every rule in whose scope it is. */
  strike(subject: FaultSubject): AppliedFault | null;
  /** Adds a rule with precedence over the existing ones. Replaces a rule with the same provider, model, endpoint and `nth`. */
  set(rule: FaultRule): void;
  /** Removes the rules of a provider, including initial ones; with a model, only the rules for that model. */
  clear(provider: SimulatedProvider, scope: Pick<FaultScope, "model">): void;
  clearAll(): void;
  /** Restores the initial rules and sets all counters to 0. */
  reset(): void;
}

interface Entry {
  readonly rule: FaultRule;
  seen: number;
  struck: number;
}

const entryOf = (rule: FaultRule): Entry => ({ rule, seen: 0, struck: 0 });

const keyOf = ({ provider, model, endpoint, nth }: FaultRule): string =>
  JSON.stringify([provider, model ?? null, endpoint ?? "chat", nth ?? null]);

/** Creates the fault book of one simulator. */
export function createFaultBook(initial: readonly FaultRule[], seed: number): FaultBook {
  let entries = initial.map(entryOf);
  return {
    strike(subject) {
      let found: Entry | null = null;
      for (const [index, entry] of entries.entries()) {
        if (!looksAt(entry.rule, subject)) continue;
        entry.seen += 1;
        if (found === null && meets(entry, subject, `${seed} ${index}`)) found = entry;
      }
      if (found === null) return null;
      found.struck += 1;
      return { fault: found.rule.fault, before: found.struck - 1 };
    },
    set(rule) {
      const key = keyOf(rule);
      entries = [entryOf(rule), ...entries.filter((entry) => keyOf(entry.rule) !== key)];
    },
    clear(provider, { model }) {
      entries = entries.filter(
        ({ rule }) => rule.provider !== provider || (model !== undefined && rule.model !== model),
      );
    },
    clearAll() {
      entries = [];
    },
    reset() {
      entries = initial.map(entryOf);
    },
  };
}

const looksAt = ({ provider, endpoint = "chat", model }: FaultRule, subject: FaultSubject): boolean =>
  provider === subject.provider && endpoint === subject.endpoint && (model === undefined || model === subject.model);

function meets({ rule, seen, struck }: Entry, subject: FaultSubject, salt: string): boolean {
  const { nth, times, probability = 1, per = "request" } = rule;
  if (times !== undefined && struck >= times) return false;
  if (typeof nth === "number" && seen !== nth) return false;
  if (typeof nth === "object" && (seen < nth.from || seen > (nth.to ?? Number.POSITIVE_INFINITY))) return false;
  if (probability >= 1) return true;
  const drawnFor = per === "prompt" ? subject.prompt : per === "call" ? (subject.callId ?? String(seen)) : String(seen);
  return createRandom(hashOf(`${salt} ${drawnFor}`)).next() < probability;
}
