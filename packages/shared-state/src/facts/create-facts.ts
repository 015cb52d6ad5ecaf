import { type Clock, isLLMErrorCode } from "@babylon/llm-core";
import { pause, startBackgroundTimer } from "@babylon/storage/time";
import type { EngineAccess } from "../access/engine-access.ts";
import { checkName } from "../contract/check-name.ts";
import { checkDuration } from "../contract/check-number.ts";
import type { Facts, VendorFact } from "../contract/facts.ts";
import { invalid } from "../contract/invalid.ts";
import type { FactFeed } from "../contract/state-engine.ts";
import { createFactMemory, type FactMemory } from "./fact-memory.ts";

/** Facts with their lifetime. */
export interface OwnedFacts extends Facts {
  close(): Promise<void>;
}

/** Delay before a lost subscription is opened again. */
const RESUBSCRIBE_MS = 1_000;

/** How long `close` waits for a connection that is being opened: some drivers cannot cancel that at once. */
const CLOSE_MS = 100;

/** Limit for opening a subscription, which has a connection of its own. */
const SUBSCRIBE_MS = 2_000;

function check({ key, code, forMs, from = null }: VendorFact): VendorFact {
  checkName("key", key);
  if (!isLLMErrorCode(code)) throw invalid("code", "expected a code of an LLMError");
  if (from !== null) checkName("from", from);
  return { key, code, forMs: checkDuration("forMs", forMs), from };
}

/** Creates the facts of an engine. A subscription is open while anyone listens. */
export function createFacts(access: EngineAccess, clock: Clock): OwnedFacts {
  /** With the facts that each of them has received. */
  const listeners = new Map<(fact: VendorFact) => void, FactMemory>();
  const sentFacts = createFactMemory(clock);
  let feed: FactFeed | null = null;
  let opening: AbortController | null = null;
  let isOpened: Promise<void> = Promise.resolve();
  let cancelRetry = (): void => {};

  const stopListeningToAccess = access.on({ beat: () => void readCurrent() });

  function deliver(fact: VendorFact): void {
    for (const [listener, delivered] of [...listeners]) {
      if (!delivered.isNew(fact)) continue;
      try {
        listener(fact);
      } catch {
        // A listener must not keep the fact from the others.
      }
    }
  }

  const current = (): Promise<readonly VendorFact[]> => access.call((engine, signal) => engine.facts(signal));

  /** Also every few seconds: messages of a connection that is dead, or of a proxy that does not pass them on, are missed silently. */
  async function readCurrent(): Promise<void> {
    if (listeners.size === 0) return;
    for (const fact of await current().catch(() => [])) deliver(fact);
  }

  async function open(): Promise<void> {
    const controller = new AbortController();
    opening = controller;
    const cancelLimit = startBackgroundTimer(clock, SUBSCRIBE_MS, () => controller.abort());
    try {
      const opened = await access.engine.subscribe(
        {
          onFact: deliver,
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

  function start(): void {
    if (feed === null && opening === null && listeners.size > 0) isOpened = open();
  }

  function retry(): void {
    cancelRetry();
    if (listeners.size > 0) cancelRetry = startBackgroundTimer(clock, RESUBSCRIBE_MS, start);
  }

  function stop(): void {
    cancelRetry();
    opening?.abort();
    opening = null;
    feed?.close();
    feed = null;
  }

  return {
    say(fact) {
      try {
        const checked = check(fact);
        if (!sentFacts.isNew(checked)) return;
        access.call((engine, signal) => engine.say(checked, signal)).catch(() => sentFacts.forget(checked));
      } catch {
        // A fact that is not valid has nothing to say.
      }
    },
    listen(on) {
      // Each call has its own subscription, also of the same function.
      const listener = (fact: VendorFact): void => on(fact);
      listeners.set(listener, createFactMemory(clock));
      void readCurrent();
      start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    current,
    async close() {
      listeners.clear();
      stopListeningToAccess();
      stop();
      const isSettled = new AbortController();
      void isOpened.then(() => isSettled.abort());
      await pause(clock, CLOSE_MS, isSettled.signal);
    },
  };
}
