import type { Clock } from "@babylon/llm-core";
import { type BackoffOptions, reconnectDelayMs, startBackgroundTimer } from "@babylon/storage/time";

/** What a loader needs. */
export interface LoaderOptions {
  /** Asks the backend and puts the answer where readers find it. */
  readonly perform: () => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
}

/** Sees each load. */
export interface LoadObserver {
  /** The load waits for it. */
  begin?(): Promise<void>;
  succeed?(): void;
  fail?(error: unknown): void;
}

/** Sees to it that one load runs at a time, however many ask, and that a backend that is down is asked ever less often. */
export interface Loader {
  /** From the next load on, in the order of the calls. */
  observe(observer: LoadObserver): void;
  /** The load that runs, or a new one. Ignores the waiting time after failures. */
  load(): Promise<void>;
  /** The attempt that the loader makes by itself after a failure; where none is planned, the same as `load`. */
  nextAttempt(): Promise<void>;
  /** A load that begins after this call. */
  loadAnew(): Promise<void>;
  /** When the load that runs began, by the monotonic clock. */
  startedAt(): number | undefined;
  /** Failures since the last success. */
  failures(): number;
  /** Milliseconds until the next attempt that the loader makes by itself; `null`: none is planned. */
  nextAttemptInMs(): number | null;
  close(): void;
}

export function createLoader(options: LoaderOptions): Loader {
  const { perform, clock, random, backoff } = options;
  const observers: LoadObserver[] = [];
  let running: { readonly promise: Promise<void>; readonly startedAt: number } | undefined;
  let queued: Promise<void> | undefined;
  let planned: PromiseWithResolvers<void> | undefined;
  let failures = 0;
  let nextAttemptAt: number | null = null;
  let cancelProbe = () => {};
  let closed = false;

  function succeed(): void {
    failures = 0;
    nextAttemptAt = null;
    for (const observer of observers) observer.succeed?.();
  }

  function fail(error: unknown): void {
    if (closed) return;
    failures += 1;
    const waitMs = reconnectDelayMs(failures, backoff, random);
    nextAttemptAt = clock.monotonic() + waitMs;
    planned = Promise.withResolvers();
    planned.promise.catch(() => {});
    cancelProbe = startBackgroundTimer(clock, waitMs, () => start().catch(() => {}));
    for (const observer of observers) observer.fail?.(error);
  }

  async function run(): Promise<void> {
    for (const observer of observers) if (observer.begin !== undefined) await observer.begin();
    await perform();
  }

  function start(): Promise<void> {
    if (running !== undefined) return running.promise;
    cancelProbe();
    const promise = run().then(
      () => {
        running = undefined;
        succeed();
      },
      (error: unknown) => {
        running = undefined;
        fail(error);
        throw error;
      },
    );
    running = { promise, startedAt: clock.monotonic() };
    planned?.resolve(promise);
    planned = undefined;
    promise.catch(() => {});
    return promise;
  }

  /** One load after the one that runs serves all who ask meanwhile. */
  function startNext(after: Promise<void>): Promise<void> {
    const next = after
      .catch(() => {})
      .then(() => {
        queued = undefined;
        return start();
      });
    next.catch(() => {});
    return next;
  }

  return {
    observe(observer) {
      observers.push(observer);
    },
    load: start,
    nextAttempt: () => planned?.promise ?? start(),
    loadAnew() {
      if (running === undefined) return start();
      queued ??= startNext(running.promise);
      return queued;
    },
    startedAt: () => running?.startedAt,
    failures: () => failures,
    nextAttemptInMs: () => (nextAttemptAt === null ? null : Math.max(0, nextAttemptAt - clock.monotonic())),
    close() {
      closed = true;
      cancelProbe();
    },
  };
}
