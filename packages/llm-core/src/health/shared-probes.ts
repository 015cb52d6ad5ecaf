import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import { linkKey } from "./link-key.ts";

/** Links remembered before those that failed long ago are dropped. */
const SWEEP_AT = 1_000;
const OLD_MS = 60_000;

/** A link whose latest attempt failed. */
export interface Trouble {
  /** When an attempt failed last, on the clock's monotonic scale. */
  readonly failedAtMonoMs: number;
  /** The number of that failure among all of the client. */
  readonly failure: number;
  /** Why it failed. */
  readonly error: LLMError;
}

/** The right to make the one probe of a link. */
export interface Probe {
  /** It is over, however it went. More than once does no harm. */
  release(): void;
}

/** A call that waits for one of several links. */
export interface ProbeWaiter {
  /** One of the links works again, or may be tried anew. */
  recovered(): void;
  /** An attempt on one of the links has failed, or a probe has ended without a result. */
  failed(): void;
}

/**
 * What calls of one client share about links that fail: a call that has no link left waits here for the next success of any other
 * call, and at most one of those that wait probes a link at a time.
 */
export interface SharedProbes {
  /** Failures so far: a trouble with a higher number is newer. */
  countFailures(): number;
  /** `undefined`: its latest attempt went well, or none has been made. */
  troubleOf(link: LinkRef): Trouble | undefined;
  /** An attempt has ended. What is not the link's fault counts as a success: it answered. `released`: it says nothing about the link. */
  ended(link: LinkRef, result: "success" | "released" | LLMError): void;
  /** Whether the probe of a link is out. */
  isProbing(link: LinkRef): boolean;
  /** Begins the probe of a link; `null` while another is out. */
  begin(link: LinkRef): Probe | null;
  /** Hears of these links until the function that it returns is called. */
  wait(links: readonly LinkRef[], waiter: ProbeWaiter): () => void;
  /** Whether a call waits for the link. */
  isAwaited(link: LinkRef): boolean;
  /** Forgets the troubles of a provider: calls that wait try its links. */
  revive(provider: string): void;
}

function saysNothing(error: LLMError): boolean {
  const { breaker } = policyOf(error);
  return breaker === "none" || breaker === "released";
}

/** No trouble yet. */
export function createSharedProbes(clock: Clock): SharedProbes {
  const troubles = new Map<string, Trouble>();
  let failures = 0;
  const probes = new Map<string, Probe>();
  const waiters = new Map<string, Set<ProbeWaiter>>();

  function sweep(now: number): void {
    for (const [key, { failedAtMonoMs }] of troubles) if (now - failedAtMonoMs > OLD_MS) troubles.delete(key);
  }

  function tell(key: string, event: keyof ProbeWaiter): void {
    const waiting = waiters.get(key);
    // A copy: who hears of it mostly leaves.
    if (waiting !== undefined) for (const waiter of [...waiting]) waiter[event]();
  }

  function recovered(key: string): void {
    if (troubles.delete(key)) tell(key, "recovered");
  }

  return {
    countFailures: () => failures,

    troubleOf: (link) => (troubles.size === 0 ? undefined : troubles.get(linkKey(link))),

    ended(link, result) {
      if (result === "released" || (result !== "success" && saysNothing(result))) {
        if (waiters.size > 0) tell(linkKey(link), "failed");
        return;
      }
      if (result === "success" || policyOf(result).breaker === "alive") {
        if (troubles.size > 0) recovered(linkKey(link));
        return;
      }
      const now = clock.monotonic();
      if (troubles.size >= SWEEP_AT) sweep(now);
      const key = linkKey(link);
      failures += 1;
      troubles.set(key, { failedAtMonoMs: now, failure: failures, error: result });
      tell(key, "failed");
    },

    isProbing: (link) => probes.size > 0 && probes.has(linkKey(link)),

    begin(link) {
      const key = linkKey(link);
      if (probes.has(key)) return null;
      const probe: Probe = {
        release() {
          if (probes.get(key) !== probe) return;
          probes.delete(key);
          tell(key, "failed");
        },
      };
      probes.set(key, probe);
      return probe;
    },

    wait(links, waiter) {
      const keys = links.map(linkKey);
      for (const key of keys) {
        const waiting = waiters.get(key);
        if (waiting === undefined) waiters.set(key, new Set([waiter]));
        else waiting.add(waiter);
      }
      return () => {
        for (const key of keys) {
          const waiting = waiters.get(key);
          waiting?.delete(waiter);
          if (waiting?.size === 0) waiters.delete(key);
        }
      };
    },

    isAwaited: (link) => waiters.has(linkKey(link)),

    revive(provider) {
      for (const key of [...troubles.keys()]) if (key.startsWith(`${provider}\n`)) recovered(key);
    },
  };
}
