import type { Attempt, AttemptKind } from "./attempt.ts";

/** The attempt that a gate decides about. */
export interface AttemptAsk {
  readonly callId: string;
  /** The number that the attempt will have. Not unique in a call: after a refusal the next attempt may have the same number. */
  readonly number: number;
  /** Why it is made. `hedge`: in parallel to another one, which goes on if this one is refused. */
  readonly kind: AttemptKind;
  readonly provider: string;
  readonly model: string;
  readonly tenant: string | null;
  readonly agent: string | null;
  readonly purpose: string | null;
  /** Bytes of UTF-8 of messages, tools and response format as JSON, before the adapter serializes the request. */
  readonly requestBytes: number;
  /** `null`: the request has no limit. */
  readonly maxOutputTokens: number | null;
  /** Aborted when the attempt is canceled or will not be made: the call ended, or another attempt of a hedged call won. */
  readonly signal: AbortSignal;
}

/** The attempt may be made. */
export interface Permit {
  /**
   * Called exactly once for each permit, when the attempt has ended or was not made. An attempt that was not made has `sent: false` and
   * is in no record. Must not throw and must not block.
   */
  settle(attempt: Attempt): void;
}

/** The attempt may not be made. */
export interface Refusal {
  /** For people, such as the rule that refused the attempt. Part of the error's message. */
  readonly why: string;
  /** Milliseconds after which the attempt may be permitted; `null`: not known, or waiting does not help. */
  readonly retryAfterMs: number | null;
}

/**
 * May refuse an attempt. Called for each attempt, hedges included, after its slot is acquired and before its request is sent. After a
 * refusal no request is made and no attempt is recorded; the next link is tried at once. A call whose links were all refused fails with
 * `budget`.
 *
 * The call waits for an asynchronous gate, at most until its deadline. A gate that throws, rejects or returns an invalid value is
 * ignored: the failure is logged and the attempt is made.
 */
export interface AttemptGate {
  /** Permits or refuses an attempt. Called once for each attempt, after its slot and before its request. */
  admit(ask: AttemptAsk): Permit | Refusal | Promise<Permit | Refusal>;
  /** The refusal that `admit` would return now, for `plan()`. Reserves nothing. */
  peek?(ask: AttemptAsk): Refusal | undefined;
}
