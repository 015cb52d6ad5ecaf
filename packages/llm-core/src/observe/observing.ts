import type { Attempt } from "../contract/attempt.ts";
import type {
  AttemptStart,
  CallObserver,
  CallStart,
  ObservedAttempt,
  ObservedCall,
} from "../contract/call-observer.ts";
import type { CallRecord } from "../contract/call-record.ts";
import type { SeamGuard } from "./seam-guard.ts";

/** What the observers captured where a call was made: one value for each of them. */
export type Captured = readonly unknown[];

/** The observers of a client as one, which never throws. Starts are made only where somebody looks at them. */
export interface Observing {
  capture(): Captured;
  begin(start: () => CallStart, captured: Captured): CallWatch;
}

/** One call as its observers see it. */
export interface CallWatch {
  attempt(start: () => AttemptStart): AttemptWatch;
  end(record: CallRecord): void;
}

/** One attempt as its observers see it. */
export interface AttemptWatch {
  /** Sends inside of what the observers do around it; once, whatever they do. Throws what `send` throws. */
  run(send: () => void): void;
  end(attempt: Attempt): void;
}

const NOTHING: Captured = [];

/** Of an attempt that nobody observes. */
export const UNSEEN_ATTEMPT: AttemptWatch = { run: (send) => send(), end() {} };
/** Of a call that nobody observes. */
export const UNSEEN_CALL: CallWatch = { attempt: () => UNSEEN_ATTEMPT, end() {} };
/** Of a client without observers. */
const NOBODY: Observing = { capture: () => NOTHING, begin: () => UNSEEN_CALL };

const AN_OBSERVER = "an observer";

/** Makes one of many. */
export function createObserving(observers: readonly CallObserver[], guard: SeamGuard): Observing {
  if (observers.length === 0) return NOBODY;
  return {
    capture: () => observers.map((observer) => guard.run(AN_OBSERVER, "capture", () => observer.capture?.())),
    begin(start, captured) {
      const call = start();
      const observed = observers.flatMap(
        (observer, at) => guard.run(AN_OBSERVER, "begin", () => observer.begin(call, captured[at])) ?? [],
      );
      return observed.length === 0 ? UNSEEN_CALL : watchCall(observed, guard);
    },
  };
}

function watchCall(observed: readonly ObservedCall[], guard: SeamGuard): CallWatch {
  return {
    attempt(start) {
      const attempt = start();
      const seen = observed.flatMap((call) => guard.run(AN_OBSERVER, "attempt", () => call.attempt(attempt)) ?? []);
      return seen.length === 0 ? UNSEEN_ATTEMPT : watchAttempt(seen, guard);
    },
    end(record) {
      for (const call of observed) guard.run(AN_OBSERVER, "call end", () => call.end(record));
    },
  };
}

function watchAttempt(seen: readonly ObservedAttempt[], guard: SeamGuard): AttemptWatch {
  return {
    run: (send) => seen.reduceRight((inner, attempt) => () => runWithin(attempt, inner, guard), send)(),
    end(ended) {
      for (const attempt of seen) guard.run(AN_OBSERVER, "attempt end", () => attempt.end(ended));
    },
  };
}

/** An observer may throw before it sends, after it, not send at all, or twice. */
function runWithin(attempt: ObservedAttempt, send: () => void, guard: SeamGuard): void {
  let isSent = false;
  const failures: unknown[] = [];
  const once = (): void => {
    if (isSent) return;
    isSent = true;
    try {
      send();
    } catch (thrown) {
      // What is wrong with the request is not the observer's to hear of.
      failures.push(thrown);
    }
  };
  guard.run(AN_OBSERVER, "run", () => attempt.run(once));
  once();
  if (failures.length > 0) throw failures[0];
}
