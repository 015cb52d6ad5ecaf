import type { Attempt } from "./attempt.ts";

/** What a gate decides on: the attempt that is about to be made. */
export interface AttemptAsk {
  readonly callId: string;
  /**
   * The number that the attempt will have. After a refusal the next attempt of the call may be asked for under the same number, so a
   * name made of call and number is not unique.
   */
  readonly number: number;
  readonly provider: string;
  readonly model: string;
  readonly tenant: string | null;
  readonly agent: string | null;
  readonly purpose: string | null;
  /** The size of what is asked, bytes of UTF-8: messages, tools and form of answer as JSON, before the adapter writes it. */
  readonly requestBytes: number;
  /** `null`: the request names no limit. */
  readonly maxOutputTokens: number | null;
  /** Aborted when the attempt will not be made or has been given up: the call ended, or another attempt won. */
  readonly signal: AbortSignal;
}

/** The attempt may be made. */
export interface Permit {
  /**
   * Called exactly once for each permit, when the attempt has ended, or when it was not made after all: then it was not `sent`, and is
   * in no record. Must not throw and must not wait.
   */
  settle(attempt: Attempt): void;
}

/** The attempt may not be made. */
export interface Refusal {
  /** For people, such as the rule that refused. Part of the error's message. */
  readonly why: string;
  /** Milliseconds after which asking again may help; `null`: not known, or it does not. */
  readonly retryAfterMs: number | null;
}

/**
 * May refuse an attempt. Asked for each attempt, hedges included, when the attempt has its slot and before anything is sent. After a
 * refusal no request is made and no attempt is recorded; the next link is tried at once. A call that was refused by every link fails
 * with `budget`.
 *
 * The call waits for a gate that answers asynchronously, at most until its deadline. A gate that throws, rejects or returns something
 * else has no say: that is logged, and the attempt is made.
 */
export interface AttemptGate {
  /** Permits an attempt, or refuses it. Asked once for each attempt, after its slot and before its request. */
  admit(ask: AttemptAsk): Permit | Refusal | Promise<Permit | Refusal>;
  /** What `admit` would refuse now, for `plan()`. Holds nothing. */
  peek?(ask: AttemptAsk): Refusal | undefined;
}
