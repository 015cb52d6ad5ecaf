import type { Attempt, AttemptStart, CallObserver, CallRecord, CallStart } from "@babylon/llm-core";

/** An attempt as a recording observer saw it. */
export interface SeenAttempt {
  readonly start: AttemptStart;
  /** How often it was sent: once, or never where it was given up before. */
  readonly sent: number;
  /** `null` while it runs. */
  readonly attempt: Attempt | null;
}

/** A call as a recording observer saw it. */
export interface SeenCall {
  readonly start: CallStart;
  /** What `capture` gave where the call was made. */
  readonly captured: unknown;
  readonly attempts: readonly SeenAttempt[];
  /** `null` while it runs. */
  readonly record: CallRecord | null;
}

/** How many calls and attempts began and ended. */
export interface ObserverCounts {
  readonly callsBegun: number;
  readonly callsEnded: number;
  readonly attemptsBegun: number;
  readonly attemptsEnded: number;
}

/** Options of {@link recordingObserver}. */
export interface RecordingObserverOptions {
  /** Keep what was seen; without it only the counts are kept, for long runs. Default true. */
  readonly keep?: boolean | undefined;
  /** What `capture` gives. Default: a number that counts up from 1. */
  readonly capture?: (() => unknown) | undefined;
}

/** An observer that remembers what it was told and knows when it was told something that cannot be. */
export interface RecordingObserver extends CallObserver {
  /** In the order in which they began; empty with `keep: false`. */
  readonly calls: readonly SeenCall[];
  /** How many calls and attempts have begun and ended so far. */
  counts(): ObserverCounts;
  /** Throws when something ended twice or out of order, or when what began has not ended. To be called when all calls are over. */
  verify(): void;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Makes one. In a test use `useRecordingObserver` of `@babylon/llm-testing/vitest`, which verifies it at the end. */
export function recordingObserver({ keep = true, capture }: RecordingObserverOptions = {}): RecordingObserver {
  const calls: SeenCall[] = [];
  const faults: string[] = [];
  const counts: Writable<ObserverCounts> = { callsBegun: 0, callsEnded: 0, attemptsBegun: 0, attemptsEnded: 0 };
  let captures = 0;

  return {
    calls,
    counts: () => ({ ...counts }),
    capture() {
      captures += 1;
      return capture === undefined ? captures : capture();
    },
    begin(start, captured) {
      counts.callsBegun += 1;
      const attempts: SeenAttempt[] = [];
      const call: Writable<SeenCall> = { start, captured, attempts, record: null };
      if (keep) calls.push(call);
      let running = 0;
      let ended = false;
      const { callId } = start;
      return {
        attempt(begun) {
          counts.attemptsBegun += 1;
          running += 1;
          if (ended) faults.push(`attempt ${begun.number} of ${callId} began after its call had ended`);
          const seen: Writable<SeenAttempt> = { start: begun, sent: 0, attempt: null };
          if (keep) attempts.push(seen);
          let attemptEnded = false;
          return {
            run(send) {
              seen.sent += 1;
              if (seen.sent > 1 || attemptEnded) faults.push(`attempt ${begun.number} of ${callId} was sent wrongly`);
              return send();
            },
            end(attempt) {
              counts.attemptsEnded += 1;
              running -= 1;
              if (attemptEnded) faults.push(`attempt ${begun.number} of ${callId} ended twice`);
              if (ended) faults.push(`attempt ${begun.number} of ${callId} ended after its call`);
              if (attempt.number !== begun.number) faults.push(`attempt ${begun.number} of ${callId} ended as another`);
              attemptEnded = true;
              seen.attempt = attempt;
            },
          };
        },
        end(record) {
          counts.callsEnded += 1;
          if (ended) faults.push(`call ${callId} ended twice`);
          if (running > 0) faults.push(`call ${callId} ended before ${running} of its attempts`);
          if (record.callId !== callId) faults.push(`call ${callId} ended as another`);
          ended = true;
          call.record = record;
        },
      };
    },
    verify() {
      const { callsBegun, callsEnded, attemptsBegun, attemptsEnded } = counts;
      const open = [
        ...(callsBegun === callsEnded ? [] : [`${callsBegun} calls began, ${callsEnded} ended`]),
        ...(attemptsBegun === attemptsEnded ? [] : [`${attemptsBegun} attempts began, ${attemptsEnded} ended`]),
      ];
      const wrong = [...faults.slice(0, 10), ...open];
      if (wrong.length > 0) throw new Error(`observed: ${wrong.join("; ")}`);
    },
  };
}
