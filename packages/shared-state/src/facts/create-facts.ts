import type { Clock } from "@babylon/llm-core";
import { isLLMErrorCode } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { EngineAccess } from "../access/engine-access.ts";
import { checkName } from "../contract/check-name.ts";
import { checkDuration } from "../contract/check-number.ts";
import type { Facts, VendorFact } from "../contract/facts.ts";
import { invalid } from "../contract/invalid.ts";
import type { FactFeed } from "../contract/state-engine.ts";

/** Facts with their lifetime. */
export interface OwnedFacts extends Facts {
  close(): void;
}

/** Delay before a lost subscription is opened again. */
const RESUBSCRIBE_MS = 1_000;

/** Limit for opening a subscription, which has a connection of its own. */
const SUBSCRIBE_MS = 2_000;

/** Facts that were said already are said again only if they end later by more than this. */
const SAME_END_MS = 500;

const MAX_SAID = 1_000;

function check({ key, code, forMs, from = null }: VendorFact): VendorFact {
  checkName("key", key);
  if (!isLLMErrorCode(code)) throw invalid("code", "expected a code of an LLMError");
  if (from !== null) checkName("from", from);
  return { key, code, forMs: checkDuration("forMs", forMs), from };
}

/** Creates the facts of an engine. A subscription is open while anyone listens. */
export function createFacts(access: EngineAccess, clock: Clock): OwnedFacts {
  const listeners = new Set<(fact: VendorFact) => void>();
  /** When facts that this process said end, on the monotonic clock. */
  const saidUntil = new Map<string, number>();
  let feed: FactFeed | null = null;
  let opening: AbortController | null = null;
  let cancelRetry = (): void => {};

  const stopListeningToAccess = access.on({ reconnected: () => void readCurrent() });

  function deliver(fact: VendorFact, to: Iterable<(fact: VendorFact) => void> = [...listeners]): void {
    for (const listener of to) {
      try {
        listener(fact);
      } catch {
        // A listener must not keep the fact from the others.
      }
    }
  }

  const current = (): Promise<readonly VendorFact[]> => access.call((engine, signal) => engine.facts(signal));

  async function readCurrent(to?: (fact: VendorFact) => void): Promise<void> {
    if (listeners.size === 0) return;
    const facts = await current().catch(() => []);
    for (const fact of facts) deliver(fact, to === undefined ? [...listeners] : listeners.has(to) ? [to] : []);
  }

  async function open(): Promise<void> {
    if (feed !== null || opening !== null || listeners.size === 0) return;
    const controller = new AbortController();
    opening = controller;
    const cancelLimit = startBackgroundTimer(clock, SUBSCRIBE_MS, () => controller.abort());
    try {
      const opened = await access.engine.subscribe(
        {
          onFact: (fact) => deliver(fact),
          onGap: () => void readCurrent(),
          onLost() {
            feed = null;
            retry();
          },
        },
        controller.signal,
      );
      if (opening !== controller) return opened.close();
      feed = opened;
      // Read after the subscription, so that no fact falls in between.
      await readCurrent();
    } catch {
      if (opening === controller) retry();
    } finally {
      cancelLimit();
      if (opening === controller) opening = null;
    }
  }

  function retry(): void {
    cancelRetry();
    if (listeners.size > 0) cancelRetry = startBackgroundTimer(clock, RESUBSCRIBE_MS, () => void open());
  }

  function stop(): void {
    cancelRetry();
    opening?.abort();
    opening = null;
    feed?.close();
    feed = null;
  }

  function isSaid({ key, code, forMs }: VendorFact): boolean {
    const now = clock.monotonic();
    const id = `${code}\n${key}`;
    if ((saidUntil.get(id) ?? 0) + SAME_END_MS >= now + forMs) return true;
    if (saidUntil.size >= MAX_SAID) for (const [other, end] of saidUntil) if (end <= now) saidUntil.delete(other);
    if (saidUntil.size < MAX_SAID) saidUntil.set(id, now + forMs);
    return false;
  }

  return {
    say(fact) {
      try {
        const checked = check(fact);
        if (isSaid(checked)) return;
        access
          .call((engine, signal) => engine.say(checked, signal))
          .catch(() => saidUntil.delete(`${fact.code}\n${fact.key}`));
      } catch {
        // A fact that is not valid has nothing to say.
      }
    },
    listen(on) {
      // Each call has its own subscription, also of the same function.
      const listener = (fact: VendorFact): void => on(fact);
      listeners.add(listener);
      if (feed === null) void open();
      else void readCurrent(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    current,
    close() {
      listeners.clear();
      stopListeningToAccess();
      stop();
    },
  };
}
