import type { Attempt } from "../contract/attempt.ts";
import type { CallOptions } from "../contract/call-options.ts";
import { type Clock, LONGEST_TIMER_MS, type TimerHandle } from "../contract/clock.ts";
import { usageOf } from "../contract/known-usage.ts";
import type { Message } from "../contract/message.ts";
import type { ModelRequest } from "../contract/provider.ts";
import { addUsage, NO_USAGE, UNKNOWN_USAGE, type Usage } from "../contract/usage.ts";
import { LLMError } from "../errors/llm-error.ts";
import { mergeTimeouts } from "../plan/client-config.ts";
import type { TimeLimits } from "../plan/client-defaults.ts";
import { append } from "./append.ts";
import { conversationOf } from "./to-model-request.ts";
import { unwatchSignal, watchSignal } from "./watch-signal.ts";

/** Called once with the error that interrupted a call. */
export type InterruptionListener = (error: LLMError) => void;

/**
 * The state of one call: its deadline, abort signal and attempts. A call may walk the chain more than once. The client holds no state of a
 * call. Plain data with functions beside it, to keep memory low when thousands of calls wait.
 */
export interface Call {
  readonly id: string;
  readonly options: CallOptions;
  readonly conversation: readonly Message[];
  readonly limits: TimeLimits;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The same time on the monotonic clock. */
  readonly startedMono: number;
  /** The time limit of the whole call, milliseconds; `null`: none. */
  readonly maxDurationMs: number | null;
  /** In order, without duplicates: see {@link warn}. */
  warnings: readonly string[];
  /** In start order; `undefined` while an attempt runs. */
  attempts: readonly (Attempt | undefined)[];
  /** The last attempt number that was assigned. */
  lastNumber: number;
  /** The request of each attempt, at the same index. */
  requests: readonly ModelRequest[];
  /** Set when the caller or the deadline has ended the call. */
  interruption: LLMError | null;
  /** Called when the call is interrupted. */
  interruptionListeners: readonly InterruptionListener[];
  timer: TimerHandle | null;
  /** Set while an attempt has a complete answer: aborts its connection, so that the adapter returns the answer. `false`: not being read. */
  endWhole: ((why: LLMError) => boolean) | null;
  onAbort: (() => void) | null;
}

// Lists of a call are replaced, not extended in place: see `append`.
const NO_LISTENERS: readonly InterruptionListener[] = [];
const NO_WARNINGS: readonly string[] = [];
const NO_ATTEMPTS: readonly undefined[] = [];
const NO_REQUESTS: readonly ModelRequest[] = [];

/** Maximum time for an adapter to return a complete answer after its connection was aborted. */
export const END_WHOLE_MS = 25;

/** Assigns the number of the next attempt, from 1. */
export function takeNumber(call: Call): number {
  call.lastNumber += 1;
  return call.lastNumber;
}

/** Frees the number of an attempt that was not made, unless a later number has been assigned. */
export function giveBackNumber(call: Call, number: number): void {
  if (call.lastNumber === number) call.lastNumber -= 1;
}

/** Adds an attempt that starts. Returns its index, from 0. */
export function enterAttempt(call: Call, request: ModelRequest): number {
  call.attempts = append(call.attempts, undefined);
  call.requests = append(call.requests, request);
  return call.attempts.length - 1;
}

/** Stores the record of the ended attempt at an index. */
export function enterEnd(call: Call, place: number, ended: Attempt): void {
  call.attempts = call.attempts.with(place, ended);
}

/** What a call needs from its client. */
export interface CallSetup {
  readonly clock: Clock;
  readonly timeouts: TimeLimits;
  readonly callId: string;
}

/**
 * Opens a call. Its time limit starts here. It is interrupted from the start if the caller's signal is aborted or the deadline has
 * passed.
 */
export function openCall(options: CallOptions, { clock, timeouts, callId }: CallSetup): Call {
  const { abortSignal, deadline } = options;
  const startedAt = clock.now();
  const limits = mergeTimeouts(timeouts, options.timeouts);
  const toDeadline = deadline === undefined ? null : Number(deadline) - startedAt;
  const maxDurationMs = toDeadline === null ? limits.totalMs : Math.min(toDeadline, limits.totalMs ?? toDeadline);
  const call: Call = {
    id: callId,
    options,
    conversation: conversationOf(options),
    limits,
    clock,
    startedAt,
    startedMono: clock.monotonic(),
    maxDurationMs,
    warnings: NO_WARNINGS,
    attempts: NO_ATTEMPTS,
    lastNumber: 0,
    requests: NO_REQUESTS,
    interruption: null,
    endWhole: null,
    interruptionListeners: NO_LISTENERS,
    timer: null,
    onAbort: null,
  };
  if (abortSignal?.aborted) interruptCall(call, abortedError(callId, abortSignal));
  else if (maxDurationMs !== null && maxDurationMs <= 0) interruptCall(call, deadlineError(call));
  else {
    if (maxDurationMs !== null && maxDurationMs <= LONGEST_TIMER_MS) {
      call.timer = clock.setTimeout(() => onDeadline(call), Math.ceil(maxDurationMs));
    }
    if (abortSignal !== undefined) {
      call.onAbort = () => interruptCall(call, abortedError(callId, abortSignal));
      watchSignal(abortSignal, call.onAbort);
    }
  }
  return call;
}

function abortedError(callId: string, signal: AbortSignal): LLMError {
  return new LLMError({ code: "aborted", message: "the caller aborted the call", callId, cause: signal.reason });
}

function deadlineError({ id, maxDurationMs }: Call): LLMError {
  const message =
    maxDurationMs !== null && maxDurationMs > 0
      ? `the call exceeded its time limit of ${Math.round(maxDurationMs)} ms`
      : "the call's deadline had passed before it began";
  return new LLMError({ code: "deadline", message, callId: id });
}

/** Gives a complete answer {@link END_WHOLE_MS} to be returned; else interrupts the call. */
function onDeadline(call: Call): void {
  const interrupt = (): void => interruptCall(call, deadlineError(call));
  if (call.endWhole?.(deadlineError(call)) === true) call.timer = call.clock.setTimeout(interrupt, END_WHOLE_MS);
  else interrupt();
}

/** Interrupts the call if its deadline has passed: under load, its timer fires late. */
export function checkTime(call: Call): void {
  if (call.interruption === null && timeLeftMs(call) === 0) interruptCall(call, deadlineError(call));
}

/** Clears the timer and stops watching the caller's signal. */
function release(call: Call): void {
  if (call.timer !== null) call.clock.clearTimeout(call.timer);
  call.timer = null;
  const { abortSignal } = call.options;
  if (call.onAbort !== null && abortSignal !== undefined) unwatchSignal(abortSignal, call.onAbort);
  call.onAbort = null;
}

/** Interrupts the call: all waits reject with this error, attempts are aborted. Later errors are ignored. */
export function interruptCall(call: Call, error: LLMError): void {
  if (call.interruption !== null) return;
  call.interruption = error;
  release(call);
  const { interruptionListeners } = call;
  call.interruptionListeners = NO_LISTENERS;
  for (const listener of interruptionListeners) listener(error);
}

/** Aborts the call because the reader of its stream left. */
export function abortByReader(call: Call): void {
  interruptCall(call, new LLMError({ code: "aborted", message: "the reader left the stream", callId: call.id }));
}

/** Closes an ended call: releases its resources and aborts attempts that still run. */
export function closeCall(call: Call): void {
  release(call);
  if (call.interruptionListeners.length === 0) return;
  interruptCall(call, new LLMError({ code: "aborted", message: "the call is over", callId: call.id }));
}

/** Calls the listener when the call is interrupted; immediately if it already is. */
export function addInterruptionListener(call: Call, listener: InterruptionListener): void {
  if (call.interruption !== null) listener(call.interruption);
  else call.interruptionListeners = append(call.interruptionListeners, listener);
}

/** Removes a listener, if it is registered. */
export function removeInterruptionListener(call: Call, listener: InterruptionListener): void {
  const { interruptionListeners } = call;
  if (interruptionListeners.length === 1 && interruptionListeners[0] === listener)
    call.interruptionListeners = NO_LISTENERS;
  else if (interruptionListeners.includes(listener))
    call.interruptionListeners = interruptionListeners.filter((other) => other !== listener);
}

/** Milliseconds until the deadline; `null`: no deadline. */
export function timeLeftMs({ maxDurationMs, clock, startedMono }: Call): number | null {
  return maxDurationMs === null ? null : Math.max(0, maxDurationMs - (clock.monotonic() - startedMono));
}

/** Milliseconds since the call began. */
export function elapsedMs({ clock, startedMono }: Call): number {
  return clock.monotonic() - startedMono;
}

/** Adds a warning, unless it has been added before. */
export function warn(call: Call, warning: string): void {
  if (!call.warnings.includes(warning)) call.warnings = append(call.warnings, warning);
}

const hasEnded = (attempt: Attempt | undefined): attempt is Attempt => attempt !== undefined;

/** The attempts that have ended. */
export function finishedAttempts({ attempts }: Call): readonly Attempt[] {
  return attempts.every(hasEnded) ? attempts : attempts.filter(hasEnded);
}

/** The sum of the attempts' usage so far. */
export function totalUsage({ attempts }: Call): Usage {
  const usages = attempts.map((attempt) => (attempt === undefined ? UNKNOWN_USAGE : usageOf(attempt)));
  const [only] = usages;
  return only !== undefined && usages.length === 1 ? only : usages.reduce(addUsage, NO_USAGE);
}
