import type { Attempt } from "./attempt.ts";
import type { CallOptions } from "./call-options.ts";
import type { CallRecord, RecordedOptions } from "./call-record.ts";
import type { JsonValue } from "./json.ts";
import type { FinishReason } from "./model-answer.ts";
import type { ModelRequest } from "./provider.ts";
import type { ToolCall } from "./tool.ts";

/** A call at its start. Contains no prompt. */
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
  /** The id of the identical call in flight whose answer this call shares (`coalesce`); `null`: the call makes its own requests. */
  readonly joins: string | null;
}

/** An attempt at its start. */
export interface AttemptStart
  extends Pick<Attempt, "number" | "kind" | "provider" | "model" | "transport" | "startedAt"> {
  readonly callId: string;
  /**
   * `Attempt.endpoint`, if it is known before the request: from an earlier attempt at the provider with the same base URL. `null`: not known
   * yet.
   */
  readonly endpoint: string | null;
  /** The request, prompts included. Export it only if the operator enabled content. */
  request(): ModelRequest;
}

/** What an attempt had received when it ended: the whole answer if it succeeded, else what had arrived. Contains content. */
export interface AttemptAnswer {
  /** Without the text of an earlier attempt that this one continued. */
  readonly text: string;
  readonly reasoning: string | null;
  /** The complete ones. */
  readonly toolCalls: readonly ToolCall[];
  /** `null`: the answer did not arrive to its end. */
  readonly finishReason: FinishReason | null;
}

/** The answer of a stream starts anew on a link: what its reader has received so far is void. */
export interface CallRestart {
  /** The link whose answer broke off. */
  readonly from: Pick<Attempt, "provider" | "model">;
  readonly to: Pick<Attempt, "provider" | "model">;
  /** The length of the void text, in UTF-16 code units. */
  readonly discardedChars: number;
}

/**
 * Observes calls while they run. Its methods are called synchronously during the call, so they must be fast. Errors that they throw, and
 * rejections of promises that they return, are logged and ignored.
 */
export interface CallObserver {
  /**
   * Called synchronously inside `generateText`, `streamText` and the object functions. Its return value, such as a tracing context, is
   * passed to `begin`: streams are lazy, so `begin` may run later in another context, or never.
   */
  capture?(): unknown;
  /** A call begins. `undefined`: this call is not observed. */
  begin(call: CallStart, captured: unknown): ObservedCall | undefined;
}

/** Observes one call. */
export interface ObservedCall {
  /** An attempt begins, before its request is sent. `undefined`: this attempt is not observed. */
  attempt(start: AttemptStart): ObservedAttempt | undefined;
  /** The answer of a stream starts anew, before the attempt that does so. */
  restart?(restart: CallRestart): void;
  /** The call has ended, after all of its attempts. Exactly once. */
  end(record: CallRecord): void;
}

/** Observes one attempt. */
export interface ObservedAttempt {
  /** Must call `send` once and return its result. The request is sent inside, in the asynchronous context that is active here. */
  run<T>(send: () => T): T;
  /**
   * The attempt has ended: served, failed, aborted, or canceled because another attempt won. Exactly once.
   *
   * @param answer - what it had received. Export its text only if the operator enabled content.
   */
  end(attempt: Attempt, answer: () => AttemptAnswer): void;
}
