import type { Attempt } from "../contract/attempt.ts";
import type { CallOptions } from "../contract/call-options.ts";
import { type Clock, LONGEST_TIMER_MS, type TimerHandle } from "../contract/clock.ts";
import { usageOf } from "../contract/known-usage.ts";
import type { Message } from "../contract/message.ts";
import type { ModelRequest } from "../contract/provider.ts";
import { addUsage, NO_USAGE, UNKNOWN_USAGE, type Usage } from "../contract/usage.ts";
import { LLMError } from "../errors/llm-error.ts";
import { mergeTimeouts, type TimeLimits } from "../plan/client-config.ts";
import { conversationOf } from "./to-model-request.ts";
import { unwatchSignal, watchSignal } from "./watch-signal.ts";

/** Told once why a call was ended from outside. */
export type Waiter = (error: LLMError) => void;

/**
 * One call from its start to its end: its time, its abort, its attempts. The chain may be walked more than once within a call.
 * Nothing of it lives on the client. Plain data with functions beside it: thousands wait at once, each with as little as possible.
 */
export interface Call {
  readonly id: string;
  readonly options: CallOptions;
  readonly conversation: readonly Message[];
  readonly limits: TimeLimits;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The same moment on the clock's monotonic scale. */
  readonly startedMono: number;
  /** All the time it may take, milliseconds; `null`: for ever. */
  readonly wholeMs: number | null;
  /** Without duplicates, in order: see {@link warn}. */
  readonly warnings: string[];
  /** In the order in which they started; a place is `undefined` while its attempt runs. */
  attempts: readonly (Attempt | undefined)[];
  /** The highest number that an attempt has or may get. */
  numbered: number;
  /** What each attempt asked, at the same places. */
  requests: readonly ModelRequest[];
  /** Set when the caller or the deadline has ended the call. */
  interruption: LLMError | null;
  /** Who waits for something and must hear of an interruption. */
  waiters: readonly Waiter[];
  timer: TimerHandle | null;
  onAbort: (() => void) | null;
}

// The lists of a call are replaced, never grown: one that grows by a first entry takes room for seventeen, in each call that waits.
const NOBODY: readonly Waiter[] = [];

/** The number of the next attempt, from 1. */
export function takeNumber(call: Call): number {
  call.numbered += 1;
  return call.numbered;
}

/** The attempt is not made: its number is the next one's, where none has been given out since. */
export function giveBackNumber(call: Call, number: number): void {
  if (call.numbered === number) call.numbered -= 1;
}

/** Enters an attempt that begins. Returns its place, from 0. */
export function enterAttempt(call: Call, request: ModelRequest): number {
  call.attempts = [...call.attempts, undefined];
  call.requests = [...call.requests, request];
  return call.attempts.length - 1;
}

/** Enters how the attempt at a place ended. */
export function enterEnd(call: Call, place: number, ended: Attempt): void {
  call.attempts = call.attempts.with(place, ended);
}

/** What a call takes from its client. */
export interface CallSetup {
  readonly clock: Clock;
  readonly timeouts: TimeLimits;
  readonly callId: string;
}

/** Opens a call: its time runs from here. It is born interrupted when the caller's signal is aborted or its time is over already. */
export function openCall(options: CallOptions, { clock, timeouts, callId }: CallSetup): Call {
  const { abortSignal, deadline } = options;
  const startedAt = clock.now();
  const limits = mergeTimeouts(timeouts, options.timeouts);
  const toDeadline = deadline === undefined ? null : Number(deadline) - startedAt;
  const wholeMs = toDeadline === null ? limits.totalMs : Math.min(toDeadline, limits.totalMs ?? toDeadline);
  const call: Call = {
    id: callId,
    options,
    conversation: conversationOf(options),
    limits,
    clock,
    startedAt,
    startedMono: clock.monotonic(),
    wholeMs,
    warnings: [],
    attempts: [],
    numbered: 0,
    requests: [],
    interruption: null,
    waiters: NOBODY,
    timer: null,
    onAbort: null,
  };
  if (abortSignal?.aborted) interruptCall(call, aborted(callId, abortSignal));
  else if (wholeMs !== null && wholeMs <= 0) interruptCall(call, spent(call));
  else {
    if (wholeMs !== null && wholeMs <= LONGEST_TIMER_MS) {
      call.timer = clock.setTimeout(() => interruptCall(call, spent(call)), Math.ceil(wholeMs));
    }
    if (abortSignal !== undefined) {
      call.onAbort = () => interruptCall(call, aborted(callId, abortSignal));
      watchSignal(abortSignal, call.onAbort);
    }
  }
  return call;
}

function aborted(callId: string, signal: AbortSignal): LLMError {
  return new LLMError({ code: "aborted", message: "the caller aborted the call", callId, cause: signal.reason });
}

function spent({ id, wholeMs }: Call): LLMError {
  const message =
    wholeMs !== null && wholeMs > 0
      ? `the call's time (${Math.round(wholeMs)} ms) is spent`
      : "the call's deadline had passed before it began";
  return new LLMError({ code: "deadline", message, callId: id });
}

/** Interrupts the call when its time is over; under load the timer that says so comes late. */
export function checkTime(call: Call): void {
  if (call.interruption === null && timeLeftMs(call) === 0) interruptCall(call, spent(call));
}

/** Lets go of the timer and of the caller's signal. */
function release(call: Call): void {
  if (call.timer !== null) call.clock.clearTimeout(call.timer);
  call.timer = null;
  const { abortSignal } = call.options;
  if (call.onAbort !== null && abortSignal !== undefined) unwatchSignal(abortSignal, call.onAbort);
  call.onAbort = null;
}

/** Ends the call from outside: everything that waits for it fails with this error, attempts abort. Later ones are ignored. */
export function interruptCall(call: Call, error: LLMError): void {
  if (call.interruption !== null) return;
  call.interruption = error;
  release(call);
  const { waiters } = call;
  call.waiters = NOBODY;
  for (const waiter of waiters) waiter(error);
}

/** Ends the call as aborted by the reader of its stream. */
export function readerLeft(call: Call): void {
  interruptCall(call, new LLMError({ code: "aborted", message: "the reader left the stream", callId: call.id }));
}

/** The call is over: lets go of everything, and ends whatever still runs for it. */
export function closeCall(call: Call): void {
  release(call);
  if (call.waiters.length === 0) return;
  interruptCall(call, new LLMError({ code: "aborted", message: "the call is over", callId: call.id }));
}

/** Tells the waiter when the call is interrupted; at once when it has been. */
export function addWaiter(call: Call, waiter: Waiter): void {
  if (call.interruption !== null) waiter(call.interruption);
  else call.waiters = [...call.waiters, waiter];
}

/** Takes a waiter back; one that has been told does no harm. */
export function removeWaiter(call: Call, waiter: Waiter): void {
  const { waiters } = call;
  if (waiters.length === 1 && waiters[0] === waiter) call.waiters = NOBODY;
  else if (waiters.includes(waiter)) call.waiters = waiters.filter((other) => other !== waiter);
}

/** `null`: for ever. */
export function timeLeftMs({ wholeMs, clock, startedMono }: Call): number | null {
  return wholeMs === null ? null : Math.max(0, wholeMs - (clock.monotonic() - startedMono));
}

/** Since the call began. */
export function elapsedMs({ clock, startedMono }: Call): number {
  return clock.monotonic() - startedMono;
}

/** Adds a warning that is not there yet. */
export function warn({ warnings }: Call, warning: string): void {
  if (!warnings.includes(warning)) warnings.push(warning);
}

/** The attempts that have ended. */
export function finishedAttempts({ attempts }: Call): readonly Attempt[] {
  return attempts.filter((attempt) => attempt !== undefined);
}

/** What the attempts so far have used together. */
export function totalUsage({ attempts }: Call): Usage {
  const usages = attempts.map((attempt) => (attempt === undefined ? UNKNOWN_USAGE : usageOf(attempt)));
  const [only] = usages;
  return only !== undefined && usages.length === 1 ? only : usages.reduce(addUsage, NO_USAGE);
}
