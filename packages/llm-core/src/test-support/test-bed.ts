import { getEventListeners } from "node:events";
import {
  createFakeClock,
  type FakeClock,
  type MockProvider,
  type MockStep,
  mockProvider,
  type RecordingObserver,
  recordingObserver,
} from "@babylon/llm-testing";
import { expect, onTestFinished } from "vitest";
import type { CallRecord } from "../contract/call-record.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import type { LogFields } from "../contract/logger.ts";
import type { Provider } from "../contract/provider.ts";
import { createLLMClient } from "../create-llm-client.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import { isLLMError, LLMError, type LLMErrorInit } from "../errors/llm-error.ts";
import type { LLMClient } from "../llm-client.ts";
// Imported lazily by calls with tools: loaded here, because a fake clock cannot wait for a real disk.
import "../structured/check-tool-call.ts";

/** One line that the client logged. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** The outcome of a promise, and the remaining resources at that time. */
export interface Ending<T> {
  /** Present when it resolved. */
  readonly value?: T;
  /** Present when it rejected. */
  readonly error?: LLMError;
  /** `clock.monotonic()` at the moment it settled. */
  readonly atMs: number;
  readonly timersLeft: number;
}

/** A client with scripted providers and a fake clock. */
export interface TestBed {
  readonly llm: LLMClient;
  readonly clock: FakeClock;
  readonly records: readonly CallRecord[];
  readonly logs: readonly LogLine[];
  /** Records every call; verified at the end of the test. */
  readonly observer: RecordingObserver;
  /** A signal whose listeners are counted at the end of the test. */
  readonly controller: AbortController;
  provider(id: string): MockProvider;
  /** The ids of the providers that were called, in order. */
  readonly called: readonly string[];
  /** Watches a promise, so that `ending` can return the time at which it settled. Does not advance the clock. */
  watch<T>(promise: Promise<T>): Promise<T>;
  /** Advances the clock until the promise settles; fails if it has not after `withinMs`. */
  ending<T>(promise: Promise<T>, withinMs?: number): Promise<Ending<T>>;
  /** Advances the clock until the promise resolves, and returns its value. */
  value<T>(promise: Promise<T>, withinMs?: number): Promise<T>;
  /** Advances the clock until the promise rejects, and returns its `LLMError`. */
  error(promise: Promise<unknown>, withinMs?: number): Promise<LLMError>;
}

/** The options of a test bed, in addition to the client's options. */
export interface TestBedOptions extends Partial<LLMClientOptions> {
  /** For providers that ignore their signal on purpose: they may be busy at the end of the test. */
  readonly leaks?: boolean;
}

type Script = readonly MockStep[] | MockStep | MockProvider | Provider;

const isProvider = (script: Script): script is MockProvider | Provider => "spec" in script;
const isList = (script: Script): script is readonly MockStep[] => Array.isArray(script);

function toProvider(id: string, script: Script): Provider {
  if (isProvider(script)) return script;
  return mockProvider({ id, steps: isList(script) ? script : [script] });
}

/** The number of listeners of a signal. */
export const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** A new error with a code, like that of an adapter. */
export function failure(code: LLMErrorCode, facts: Partial<LLMErrorInit> = {}): () => LLMError {
  return () => new LLMError({ code, message: `${code} as scripted`, ...facts });
}

/**
 * Makes a client whose chain are the given providers, in the order given, a list of steps standing for a mock provider. When the
 * test is over, nothing may be left: no timer, no listener, no busy provider; and the calls that providers saw must be the attempts
 * of the records.
 */
export function testBed(scripts: Readonly<Record<string, Script>>, options: TestBedOptions = {}): TestBed {
  const { leaks = false, ...clientOptions } = options;
  const clock = onlyOnceAtATime(createFakeClock());
  const records: CallRecord[] = [];
  const observer = recordingObserver();
  const logs: LogLine[] = [];
  const called: string[] = [];
  const controller = new AbortController();
  const log =
    (level: LogLine["level"]) =>
    (message: string, fields?: LogFields): void =>
      void logs.push({ level, message, fields });
  const providers = Object.entries(scripts).map(([id, script]) => noting(toProvider(id, script), called));
  const llm = createLLMClient({
    providers,
    clock,
    random: () => 0.5,
    env: {},
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    ...clientOptions,
    observers: [observer, ...(clientOptions.observers ?? [])],
    recorders: [(record) => void records.push(record), ...(clientOptions.recorders ?? [])],
  });
  const mocks = providers.filter((provider): provider is MockProvider => "calls" in provider);

  const watched = new WeakMap<Promise<unknown>, { ending: Ending<unknown> | null }>();

  function watch<T>(promise: Promise<T>): Promise<T> {
    const seen: { ending: Ending<unknown> | null } = { ending: null };
    const settle = (outcome: { value: unknown } | { error: LLMError }) => {
      seen.ending = { ...outcome, atMs: clock.monotonic(), timersLeft: clock.pendingTimers() };
    };
    watched.set(promise, seen);
    promise.then(
      (value) => settle({ value }),
      (thrown: unknown) => {
        if (!isLLMError(thrown)) throw thrown;
        settle({ error: thrown });
      },
    );
    return promise;
  }

  async function ending<T>(promise: Promise<T>, withinMs = 400_000): Promise<Ending<T>> {
    const seen = watched.get(promise) ?? watched.get(watch(promise));
    await clock.advance(0);
    const stepMs = 100;
    for (let waited = 0; seen?.ending === null && waited < withinMs; waited += stepMs) await clock.advance(stepMs);
    if (seen === undefined || seen.ending === null) throw new Error(`nothing came of it within ${withinMs} ms`);
    // The entry was stored with the same promise, so the type is right.
    return seen.ending as Ending<T>;
  }

  onTestFinished(async () => {
    await clock.advance(0);
    expect(listenersOf(controller.signal), "listeners left on the shared signal").toBe(0);
    if (leaks) return;
    expect(clock.pendingTimers(), "timers left").toBe(0);
    for (const provider of mocks) expect(provider.active, `calls of ${provider.id} still busy`).toBe(0);
    observer.verify();
    const seen = observer.calls.flatMap(({ attempts }) => attempts.map(({ attempt }) => attempt));
    const recorded = records.flatMap((record) => record.attempts);
    expect(new Set(seen), "attempts that observers saw are those of all records").toEqual(new Set(recorded));
    const attempts = recorded.map(({ provider }) => provider);
    expect(attempts.toSorted(), "attempts of all records are the calls that providers saw").toEqual(called.toSorted());
  });

  return {
    llm,
    clock,
    records,
    logs,
    observer,
    controller,
    called,
    watch,
    provider(id) {
      const found = mocks.find((provider) => provider.id === id);
      if (found === undefined) throw new Error(`the bed has no mock provider ${id}`);
      return found;
    },
    ending,
    async value(promise, withinMs) {
      const { error, value } = await ending(promise, withinMs);
      if (error !== undefined) throw error;
      // Without an error there is a value, of whatever type.
      return value as Awaited<typeof promise>;
    },
    async error(promise, withinMs) {
      const { error } = await ending(promise, withinMs);
      if (error === undefined) throw new Error("it did not fail");
      return error;
    },
  };
}

/** Concurrent advances of the clock would affect each other, so they are a mistake of the test. */
function onlyOnceAtATime(clock: FakeClock): FakeClock {
  let moving = false;
  return {
    ...clock,
    async advance(ms) {
      if (moving) throw new Error("time is being moved already");
      moving = true;
      await clock.advance(ms).finally(() => {
        moving = false;
      });
    },
  };
}

/** The same provider, recording the time of each request. */
function noting<P extends Provider>(provider: P, called: string[]): P {
  const note = () => void called.push(provider.id);
  return Object.create(provider, {
    stream: {
      value: (...args: Parameters<Provider["stream"]>) => {
        note();
        return provider.stream(...args);
      },
    },
    generate: {
      value: (...args: Parameters<Provider["generate"]>) => {
        note();
        return provider.generate(...args);
      },
    },
  });
}

/** Reads a stream to its end and returns the events and the outcome. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<{ events: T[]; error: LLMError | null }> {
  const events: T[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    if (!isLLMError(thrown)) throw thrown;
    return { events, error: thrown };
  }
  return { events, error: null };
}
