import type { Attempt } from "./attempt.ts";
import type { CallOptions } from "./call-options.ts";
import type { CallRecord, RecordedOptions } from "./call-record.ts";
import type { JsonValue } from "./json.ts";
import type { ModelRequest } from "./provider.ts";

/** What is known of a call when it begins. Holds no prompt. */
export interface CallStart {
  readonly callId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly agent: string | null;
  readonly purpose: string | null;
  readonly tenant: string | null;
  readonly unit: CallOptions["unit"] | null;
  readonly metadata: Readonly<Record<string, JsonValue>> | null;
  readonly options: RecordedOptions;
  /** The id of the identical call whose answer this one waits for (`coalesce`); `null` for a call of its own. */
  readonly joins: string | null;
}

/** What is known of an attempt when it begins. */
export interface AttemptStart
  extends Pick<Attempt, "number" | "kind" | "provider" | "model" | "transport" | "startedAt"> {
  readonly callId: string;
  /** What is asked, prompts included: pass it on only where content was asked for. */
  request(): ModelRequest;
}

/**
 * Sees calls while they run. Its methods are called synchronously on the way of the call, so they must be quick. What they throw, and
 * what a promise that they return rejects with, is logged and goes no further.
 */
export interface CallObserver {
  /**
   * Called where `generateText`, `streamText` or one of the object functions was called, at once. What it returns, such as the context
   * of tracing, is handed to `begin`: a stream begins only when it is first read, perhaps in another context, or never.
   */
  capture?(): unknown;
  /** A call begins. `undefined`: this call is not observed. */
  begin(call: CallStart, captured: unknown): ObservedCall | undefined;
}

/** A call that is observed. */
export interface ObservedCall {
  /** An attempt begins: its request is about to be sent. `undefined`: this attempt is not observed. */
  attempt(start: AttemptStart): ObservedAttempt | undefined;
  /** The call has ended, after all of its attempts. Exactly once. */
  end(record: CallRecord): void;
}

/** An attempt that is observed. */
export interface ObservedAttempt {
  /** Must call `send` once and return what it returns: the request is sent inside, so a context that is active here is active there. */
  run<T>(send: () => T): T;
  /** The attempt has ended, however: served, failed, aborted, or lost to another one. Exactly once. */
  end(attempt: Attempt): void;
}
