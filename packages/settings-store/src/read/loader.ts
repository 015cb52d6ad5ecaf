import type { Clock } from "@babylon/llm-core";
import { type BackoffOptions, reconnectDelayMs, startBackgroundTimer } from "@babylon/storage/time";

/** Input of {@link createLoader}. */
export interface LoaderOptions {
  /** Reads the backend and updates the cache. */
  readonly perform: () => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
}

/** Callbacks of each load. */
export interface LoadObserver {
  /** Runs before the load, which waits for it. */
  begin?(): Promise<void>;
  succeed?(): void;
  fail?(error: unknown): void;
}

/** Runs one load at a time, shared by all concurrent callers, and retries failed loads with exponential backoff. */
export interface Loader {
  /** Adds an observer of the following loads. Observers run in the order in which they were added. */
  observe(observer: LoadObserver): void;
  /** The load in flight, or a new one. Ignores the backoff. */
  load(): Promise<void>;
  /** The scheduled retry after a failure; the same as `load` when none is scheduled. */
  nextAttempt(): Promise<void>;
  /** A load that starts after this call. */
  loadAnew(): Promise<void>;
  /** When the load in flight started, by the monotonic clock. */
  startedAt(): number | undefined;
  /** Consecutive failures since the last success. */
  failures(): number;
  /** Milliseconds until the scheduled retry; `null`: none is scheduled. */
  nextAttemptInMs(): number | null;
  close(): void;
}

export function createLoader(options: LoaderOptions): Loader {
  const { perform, clock, random, backoff } = options;
  const observers: LoadObserver[] = [];
  let running: { readonly promise: Promise<void>; readonly startedAt: number } | undefined;
  let queued: Promise<void> | undefined;
  let scheduledRetry: PromiseWithResolvers<void> | undefined;
  let failures = 0;
  let nextAttemptAtMono: number | null = null;
  let cancelRetry = () => {};
  let closed = false;

  function succeed(): void {
    failures = 0;
    nextAttemptAtMono = null;
    for (const observer of observers) observer.succeed?.();
  }

  function fail(error: unknown): void {
    if (closed) return;
    failures += 1;
    const waitMs = reconnectDelayMs(failures, backoff, random);
    nextAttemptAtMono = clock.monotonic() + waitMs;
    scheduledRetry = Promise.withResolvers();
    scheduledRetry.promise.catch(() => {});
    cancelRetry = startBackgroundTimer(clock, waitMs, () => start().catch(() => {}));
    for (const observer of observers) observer.fail?.(error);
  }

  async function run(): Promise<void> {
    for (const observer of observers) if (observer.begin !== undefined) await observer.begin();
    await perform();
  }

  function start(): Promise<void> {
    if (running !== undefined) return running.promise;
    cancelRetry();
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
    scheduledRetry?.resolve(promise);
    scheduledRetry = undefined;
    promise.catch(() => {});
    return promise;
  }

  /** One load after the load in flight serves all calls made meanwhile. */
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
    nextAttempt: () => scheduledRetry?.promise ?? start(),
    loadAnew() {
      if (running === undefined) return start();
      queued ??= startNext(running.promise);
      return queued;
    },
    startedAt: () => running?.startedAt,
    failures: () => failures,
    nextAttemptInMs: () => (nextAttemptAtMono === null ? null : Math.max(0, nextAttemptAtMono - clock.monotonic())),
    close() {
      closed = true;
      cancelRetry();
    },
  };
}
