import type { Attempt } from "../contract/attempt.ts";
import type {
  AttemptAnswer,
  AttemptStart,
  CallObserver,
  CallRestart,
  CallStart,
  ObservedAttempt,
  ObservedCall,
} from "../contract/call-observer.ts";
import type { CallRecord } from "../contract/call-record.ts";
import type { SeamGuard } from "./seam-guard.ts";

/** The return values of `capture()`, one for each observer. */
export type CapturedContexts = readonly unknown[];

/** All observers of a client, combined. Never throws. The start objects are created only if there are observers. */
export interface Observing {
  capture(): CapturedContexts;
  begin(start: () => CallStart, captured: CapturedContexts): CallWatch;
}

/** All observers of one call, combined. */
export interface CallWatch {
  attempt(start: () => AttemptStart): AttemptWatch;
  restart(restart: CallRestart): void;
  end(record: CallRecord): void;
}

/** All observers of one attempt, combined. */
export interface AttemptWatch {
  /** Calls `send` inside the `run` of all observers; exactly once, even if an observer fails to. Throws what `send` throws. */
  run(send: () => void): void;
  end(attempt: Attempt, answer: () => AttemptAnswer): void;
}

const NO_CONTEXTS: CapturedContexts = [];

/** For an attempt without observers. */
export const UNOBSERVED_ATTEMPT: AttemptWatch = { run: (send) => send(), end() {} };
/** For a call without observers. */
export const UNOBSERVED_CALL: CallWatch = { attempt: () => UNOBSERVED_ATTEMPT, restart() {}, end() {} };
/** For a client without observers. */
const NO_OBSERVERS: Observing = { capture: () => NO_CONTEXTS, begin: () => UNOBSERVED_CALL };

const SEAM = "an observer";

/** Combines the observers of a client. */
export function createObserving(observers: readonly CallObserver[], guard: SeamGuard): Observing {
  if (observers.length === 0) return NO_OBSERVERS;
  return {
    capture: () => observers.map((observer) => guard.run(SEAM, "capture", () => observer.capture?.())),
    begin(start, captured) {
      const call = start();
      const observed = observers.flatMap(
        (observer, at) => guard.run(SEAM, "begin", () => observer.begin(call, captured[at])) ?? [],
      );
      return observed.length === 0 ? UNOBSERVED_CALL : watchCall(observed, guard);
    },
  };
}

function watchCall(observed: readonly ObservedCall[], guard: SeamGuard): CallWatch {
  return {
    attempt(start) {
      const attempt = start();
      const attempts = observed.flatMap((call) => guard.run(SEAM, "attempt", () => call.attempt(attempt)) ?? []);
      return attempts.length === 0 ? UNOBSERVED_ATTEMPT : watchAttempt(attempts, guard);
    },
    restart(restart) {
      for (const call of observed) guard.run(SEAM, "restart", () => call.restart?.(restart));
    },
    end(record) {
      for (const call of observed) guard.run(SEAM, "call end", () => call.end(record));
    },
  };
}

function watchAttempt(observed: readonly ObservedAttempt[], guard: SeamGuard): AttemptWatch {
  return {
    run: (send) => observed.reduceRight((inner, attempt) => () => runWithin(attempt, inner, guard), send)(),
    end(ended, answer) {
      for (const attempt of observed) guard.run(SEAM, "attempt end", () => attempt.end(ended, answer));
    },
  };
}

/** Calls `send` exactly once, even if the observer throws before or after it, does not call it, or calls it twice. */
function runWithin(attempt: ObservedAttempt, send: () => void, guard: SeamGuard): void {
  let isSent = false;
  const failures: unknown[] = [];
  const once = (): void => {
    if (isSent) return;
    isSent = true;
    try {
      send();
    } catch (thrown) {
      // Errors of the request are not passed to the observer.
      failures.push(thrown);
    }
  };
  guard.run(SEAM, "run", () => attempt.run(once));
  once();
  if (failures.length > 0) throw failures[0];
}
