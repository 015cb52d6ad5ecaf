import type { Attempt, AttemptStart, CallObserver, CallRecord, CallStart } from "@babylon/llm-core";

/** An attempt that a recording observer recorded. */
export interface RecordedAttempt {
  readonly start: AttemptStart;
  /** How often it was sent: once, or never if it was canceled before. */
  readonly sent: number;
  /** `null` while it runs. */
  readonly attempt: Attempt | null;
}

/** A call that a recording observer recorded. */
export interface RecordedCall {
  readonly start: CallStart;
  /** The result of `capture` for the call. */
  readonly captured: unknown;
  readonly attempts: readonly RecordedAttempt[];
  /** `null` while it runs. */
  readonly record: CallRecord | null;
}

/** The number of calls and attempts that began and ended. */
export interface ObserverCounts {
  readonly callsBegun: number;
  readonly callsEnded: number;
  readonly attemptsBegun: number;
  readonly attemptsEnded: number;
}

/** Options of {@link recordingObserver}. */
export interface RecordingObserverOptions {
  /** Record calls and attempts. `false` only counts them, for long runs. Default true. */
  readonly keep?: boolean | undefined;
  /** The implementation of `capture`. Default: a counter from 1. */
  readonly capture?: (() => unknown) | undefined;
}

/** An observer that records its calls and detects invalid sequences of them. */
export interface RecordingObserver extends CallObserver {
  /** In order of their begin; empty with `keep: false`. */
  readonly calls: readonly RecordedCall[];
  /** The current counts. */
  counts(): ObserverCounts;
  /** Throws if a call or an attempt ended twice, out of order or not at all. Call it after all calls have ended. */
  verify(): void;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Creates a {@link RecordingObserver}. In a test use `useRecordingObserver` of `@babylon/llm-testing/vitest`, which verifies it at the end. */
export function recordingObserver({ keep = true, capture }: RecordingObserverOptions = {}): RecordingObserver {
  const calls: RecordedCall[] = [];
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
      const attempts: RecordedAttempt[] = [];
      const call: Writable<RecordedCall> = { start, captured, attempts, record: null };
      if (keep) calls.push(call);
      let running = 0;
      let ended = false;
      const { callId } = start;
      return {
        attempt(begun) {
          counts.attemptsBegun += 1;
          running += 1;
          if (ended) faults.push(`attempt ${begun.number} of ${callId} began after its call had ended`);
          const seen: Writable<RecordedAttempt> = { start: begun, sent: 0, attempt: null };
          if (keep) attempts.push(seen);
          let attemptEnded = false;
          return {
            run(send) {
              seen.sent += 1;
              if (seen.sent > 1 || attemptEnded)
                faults.push(`attempt ${begun.number} of ${callId} was sent twice or after its end`);
              return send();
            },
            end(attempt) {
              counts.attemptsEnded += 1;
              running -= 1;
              if (attemptEnded) faults.push(`attempt ${begun.number} of ${callId} ended twice`);
              if (ended) faults.push(`attempt ${begun.number} of ${callId} ended after its call`);
              if (attempt.number !== begun.number)
                faults.push(`attempt ${begun.number} of ${callId} ended with the facts of another`);
              attemptEnded = true;
              seen.attempt = attempt;
            },
          };
        },
        end(record) {
          counts.callsEnded += 1;
          if (ended) faults.push(`call ${callId} ended twice`);
          if (running > 0) faults.push(`call ${callId} ended before ${running} of its attempts`);
          if (record.callId !== callId) faults.push(`call ${callId} ended with the facts of another`);
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
      const problems = [...faults.slice(0, 10), ...open];
      if (problems.length > 0) throw new Error(`observed: ${problems.join("; ")}`);
    },
  };
}
