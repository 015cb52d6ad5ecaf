import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import { linkKey } from "./link-key.ts";

/** Number of failures stored before old ones are dropped. */
const SWEEP_AT = 1_000;
const MAX_AGE_MS = 60_000;

/** The failure of a link whose latest attempt failed. */
export interface LatestFailure {
  /** When it failed, on the monotonic clock. */
  readonly failedAtMonoMs: number;
  /** The number of the failure among all failures of the client. */
  readonly sequence: number;
  /** The error of the attempt. */
  readonly error: LLMError;
}

/** The right to make the one probe of a link. */
export interface Probe {
  /** Ends the probe, with any result. May be called more than once. */
  release(): void;
}

/** The callbacks of a call that waits for one of several links. */
export interface ProbeWaiter {
  /** One of the links has recovered, or may be tried again. */
  recovered(): void;
  /** An attempt on one of the links has failed, or a probe has ended without a result. */
  failed(): void;
}

/**
 * Failures and probes shared by the calls of one client: a call with no ready link waits for the next success of any other call, and at
 * most one of the waiting calls probes a link at a time.
 */
export interface SharedProbes {
  /** Number of failures so far: a failure with a higher `sequence` is newer. */
  countFailures(): number;
  /** `undefined`: the latest attempt succeeded, or none has been made. */
  latestFailureOf(link: LinkRef): LatestFailure | undefined;
  /**
   * Records an ended attempt. An error that the link did not cause counts as a success, because the link answered. `released`: not
   * counted.
   */
  ended(link: LinkRef, result: "success" | "released" | LLMError): void;
  /** Whether a probe of the link is in flight. */
  isProbing(link: LinkRef): boolean;
  /** Starts a probe of the link; `null` while another one is in flight. */
  begin(link: LinkRef): Probe | null;
  /** Subscribes to these links. Returns the function that unsubscribes. */
  wait(links: readonly LinkRef[], waiter: ProbeWaiter): () => void;
  /** Whether a call is waiting for the link. */
  isAwaited(link: LinkRef): boolean;
  /** Clears the failures of a provider, so that waiting calls try its links. */
  revive(provider: string): void;
}

function isNeutral(error: LLMError): boolean {
  const { breaker } = policyOf(error);
  return breaker === "none" || breaker === "released";
}

/** Creates the state without failures. */
export function createSharedProbes(clock: Clock): SharedProbes {
  const latestFailures = new Map<string, LatestFailure>();
  let failures = 0;
  const probes = new Map<string, Probe>();
  const waiters = new Map<string, Set<ProbeWaiter>>();

  function sweep(now: number): void {
    for (const [key, { failedAtMonoMs }] of latestFailures)
      if (now - failedAtMonoMs > MAX_AGE_MS) latestFailures.delete(key);
  }

  function notify(key: string, event: keyof ProbeWaiter): void {
    const waiting = waiters.get(key);
    // A copy, because waiters usually unsubscribe when notified.
    if (waiting !== undefined) for (const waiter of [...waiting]) waiter[event]();
  }

  function recovered(key: string): void {
    if (latestFailures.delete(key)) notify(key, "recovered");
  }

  return {
    countFailures: () => failures,

    latestFailureOf: (link) => (latestFailures.size === 0 ? undefined : latestFailures.get(linkKey(link))),

    ended(link, result) {
      if (result === "released" || (result !== "success" && isNeutral(result))) {
        if (waiters.size > 0) notify(linkKey(link), "failed");
        return;
      }
      if (result === "success" || policyOf(result).breaker === "alive") {
        if (latestFailures.size > 0) recovered(linkKey(link));
        return;
      }
      const now = clock.monotonic();
      if (latestFailures.size >= SWEEP_AT) sweep(now);
      const key = linkKey(link);
      failures += 1;
      latestFailures.set(key, { failedAtMonoMs: now, sequence: failures, error: result });
      notify(key, "failed");
    },

    isProbing: (link) => probes.size > 0 && probes.has(linkKey(link)),

    begin(link) {
      const key = linkKey(link);
      if (probes.has(key)) return null;
      const probe: Probe = {
        release() {
          if (probes.get(key) !== probe) return;
          probes.delete(key);
          notify(key, "failed");
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
      for (const key of [...latestFailures.keys()]) if (key.startsWith(`${provider}\n`)) recovered(key);
    },
  };
}
