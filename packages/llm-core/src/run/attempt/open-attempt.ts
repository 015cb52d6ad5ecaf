import type { Attempt } from "../../contract/attempt.ts";
import type { AttemptStart } from "../../contract/call-observer.ts";
import { LONGEST_TIMER_MS } from "../../contract/clock.ts";
import type { LinkRef } from "../../contract/link.ts";
import type { ModelResponse, StreamPart } from "../../contract/model-answer.ts";
import type { AttemptContext, AttemptReport, ResponseHead } from "../../contract/provider.ts";
import { policyOf } from "../../errors/error-policy.ts";
import { isLLMError, LLMError } from "../../errors/llm-error.ts";
import { UNOBSERVED_ATTEMPT } from "../../observe/observing.ts";
import { FIRST_TOKEN_MS, SILENT_FIRST_TOKEN_MS, type TimeLimits } from "../../plan/client-config.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { type Admission, endAdmission } from "../admission/admission.ts";
import { toAttemptAnswer } from "../answer.ts";
import {
  addInterruptionListener,
  checkTime,
  END_WHOLE_MS,
  enterAttempt,
  enterEnd,
  removeInterruptionListener,
  timeLeftMs,
} from "../call.ts";
import type { Engine } from "../engine.ts";
import { shareOfTime } from "../share-of-time.ts";
import { toParts } from "../to-parts.ts";
import type { AttemptInput } from "./attempt-input.ts";
import { type AttemptResult, lostRaceError } from "./attempt-result.ts";
import type { OpenAttempt, PartReader } from "./attempt-state.ts";
import { toAttempt } from "./to-attempt.ts";

/** Maximum number of events buffered for the reader before a JSON answer is read further: saves event-loop turns at a small delay. */
const MAX_BUFFERED_EVENTS = 32;

/** Bytes that form no part (comments, pings) extend the idle limit to at most this. */
const MAX_WITHOUT_PART_MS = 60_000;

/** Minimum interval between two checks whether another link has become ready. */
const MIN_RECHECK_MS = 500;

const isContent = ({ type }: StreamPart): boolean => type === "text" || type === "reasoning" || type === "tool-call";

/** Converts a value thrown by an adapter to an `LLMError`. */
function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) {
    // Only the core ends a call. An adapter that reports `aborted` while the call runs has lost its connection.
    if (policyOf(thrown).breaker !== "released") return thrown;
    return new LLMError({ code: "network", message: "the request ended early", cause: thrown });
  }
  return new LLMError({ code: "invalid_response", message: "the adapter failed unexpectedly", cause: thrown });
}

/** Adds provider, model and call id to an error. */
function located({ call, link }: OpenAttempt, error: LLMError): LLMError {
  const { provider, model } = link;
  // An interruption is the call's own error, not the link's.
  return error === call.interruption ? error : error.with({ provider, model, callId: call.id });
}

/** Maximum time until the first part, by these limits; `null`: no limit. */
function firstPartLimitMs(
  { firstTokenMs, attemptMs }: TimeLimits,
  { capabilities }: ChainLink,
  transport: AttemptInput<unknown>["transport"],
): number | null {
  if (transport === "json") return attemptMs;
  if (firstTokenMs !== undefined) return firstTokenMs;
  return capabilities.silentReasoning ? SILENT_FIRST_TOKEN_MS : FIRST_TOKEN_MS;
}

/** Maximum time until the first part while no other link is ready, milliseconds. */
function toLastLinkLimitMs(call: AttemptInput<unknown>["call"], partLimitMs: number | null, linksLeft: number): number {
  const { attemptMs } = call.limits;
  const ownLimitMs = partLimitMs === null || attemptMs === null ? null : Math.max(partLimitMs, attemptMs);
  return shareOfTime(ownLimitMs, timeLeftMs(call), linksLeft) ?? Number.POSITIVE_INFINITY;
}

/** Whether a wait has reached the client's own limit. The limits of the call and its share of the remaining time may be shorter. */
function isClientsLimit({ input, link, firstPartMs }: OpenAttempt, waitedMs: number): boolean {
  const { timeouts } = input.engine.config;
  const limitMs = firstPartMs === null ? firstPartLimitMs(timeouts, link, input.transport) : timeouts.idleMs;
  return limitMs !== null && waitedMs >= limitMs;
}

type ResponseIds = Pick<ModelResponse, "responseId" | "responseModel">;

const NOTHING_REPORTED: AttemptReport = Object.freeze({});

/** Opens an admitted attempt. The request is sent when the first part is read. */
export function openAttempt(input: AttemptInput<unknown>, admission: Admission): OpenAttempt {
  const { engine, call, link } = input;
  const { clock } = call;
  const place = enterAttempt(call, input.request);
  const startedMono = clock.monotonic();
  const partLimitMs = firstPartLimitMs(call.limits, link, input.transport);
  const attempt: OpenAttempt = {
    call,
    link,
    input,
    admission,
    observed: UNOBSERVED_ATTEMPT,
    place,
    startedAt: clock.now(),
    startedMono,
    answer: null,
    requestId: null,
    reported: NOTHING_REPORTED,
    sent: false,
    usage: null,
    outputChars: 0,
    firstPartMs: null,
    complete: false,
    ended: null,
    parts: null,
    iterator: null,
    reader: null,
    isPulling: false,
    waitingSince: startedMono,
    restartsWait: false,
    lastBytesAtMonoMs: startedMono,
    limitMs: shareOfTime(partLimitMs, timeLeftMs(call), input.linksLeft),
    lastLinkLimitMs: toLastLinkLimitMs(call, partLimitMs, input.linksLeft),
    timer: null,
    cutShort: false,
    onPart: ({ done, value }) => settle(attempt, done === true ? undefined : value),
    onFailure(thrown) {
      if (attempt.reader !== null) failReading(attempt, toError(thrown));
    },
    onTimer: () => timeOut(attempt),
    endWhole: (why) => endWhole(attempt, why),
    onDrained: {
      resume() {
        if (!attempt.isPulling) beginPull(attempt);
      },
      fail: (error) => failReading(attempt, error),
    },
    onInterrupt(error) {
      cutOff(attempt, error);
      endAttempt(attempt, error);
    },
  };
  engine.budget.count(link.resolved.ref, startedMono);
  attempt.observed = input.observed.attempt(() => toStart(attempt));
  addInterruptionListener(call, attempt.onInterrupt);
  return attempt;
}

function toStart({ call, link, input, startedAt }: OpenAttempt): AttemptStart {
  const { number, kind, transport, request } = input;
  const { provider, model } = link;
  return { callId: call.id, number, kind, provider, model, transport, startedAt, request: () => request };
}

/** Sets whether the answer is complete: a complete answer is still delivered when the deadline passes. */
function setWhole(attempt: OpenAttempt, whole: boolean): void {
  attempt.call.endWhole = whole ? attempt.endWhole : null;
}

/**
 * Aborts the connection of a complete answer, so that the adapter returns the rest of it, which is buffered for a slow reader. `false`: the
 * answer is not complete or not being read.
 */
function endWhole(attempt: OpenAttempt, why: LLMError): boolean {
  const { reader, input, reported } = attempt;
  if (reported.whole !== true || reader === null || input.controller.signal.aborted) return false;
  clearTimer(attempt);
  setTimer(attempt, END_WHOLE_MS);
  input.controller.abort(why);
  if (!attempt.isPulling) beginPull(attempt);
  return true;
}

/** `endWhole` has aborted the connection: the rest of the answer is taken without backpressure. */
const isEndingWhole = ({ reported, input }: OpenAttempt): boolean =>
  reported.whole === true && input.controller.signal.aborted;

function cutOff(attempt: OpenAttempt, error: LLMError): void {
  // Reject first, then close the socket: else the adapter's network error would be reported as the reason.
  failReading(attempt, error);
  attempt.input.controller.abort(error);
}

function setTimer(attempt: OpenAttempt, ms: number): void {
  attempt.timer = attempt.call.clock.setTimeout(attempt.onTimer, Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
}

function clearTimer(attempt: OpenAttempt): void {
  if (attempt.timer !== null) attempt.call.clock.clearTimeout(attempt.timer);
  attempt.timer = null;
}

/** The current limit of the wait for a part, extended by bytes that have arrived, milliseconds. */
function currentLimitMs({ firstPartMs, waitingSince, lastBytesAtMonoMs }: OpenAttempt, limitMs: number): number {
  if (firstPartMs === null) return limitMs;
  const extendedMs = Math.max(0, lastBytesAtMonoMs - waitingSince) + limitMs;
  return Math.min(extendedMs, Math.max(limitMs, MAX_WITHOUT_PART_MS));
}

/** Extends the limit of the first part up to `lastLinkLimitMs` while no other link is ready. `false`: not extended. */
function extendLimit(attempt: OpenAttempt, limitMs: number): boolean {
  const { firstPartMs, lastLinkLimitMs, input } = attempt;
  if (firstPartMs !== null || limitMs >= lastLinkLimitMs || input.hasReadyFallback()) return false;
  attempt.limitMs = Math.min(lastLinkLimitMs, limitMs + Math.max(limitMs, MIN_RECHECK_MS));
  return true;
}

function timeOut(attempt: OpenAttempt): void {
  attempt.timer = null;
  const { isPulling, limitMs, waitingSince, firstPartMs, input, link, call } = attempt;
  const { signal } = input.controller;
  if (signal.aborted) {
    // `endWhole` aborted the connection, and the adapter did not return its complete answer in time.
    failReading(attempt, isLLMError(signal.reason) ? signal.reason : toError(signal.reason));
    return;
  }
  if (!isPulling || limitMs === null) return;
  // If this timer is late, the call's own deadline may have passed.
  if (attempt.reported.whole !== true) checkTime(call);
  if (call.interruption !== null) return;
  const waitMs = currentLimitMs(attempt, limitMs);
  const leftMs = waitMs - (call.clock.monotonic() - waitingSince);
  if (leftMs > 0) {
    setTimer(attempt, leftMs);
    return;
  }
  if (extendLimit(attempt, limitMs)) {
    timeOut(attempt);
    return;
  }
  const missing =
    firstPartMs !== null ? "no part for" : input.transport === "json" ? "no answer within" : "no first part within";
  const { provider, model } = link;
  const message = `${link.resolved.provider.name}: ${missing} ${Math.round(waitMs)} ms`;
  attempt.cutShort = !isClientsLimit(attempt, waitMs);
  const error = new LLMError({ code: "timeout", message, provider, model, callId: call.id });
  if (!endWhole(attempt, error)) cutOff(attempt, error);
}

function notePart(attempt: OpenAttempt, part: StreamPart): StreamPart {
  attempt.restartsWait = isContent(part);
  if (part.type === "usage") attempt.usage = part.usage;
  else if (part.type === "finish") {
    attempt.complete = true;
    noteResponseIds(attempt, part);
  } else {
    attempt.outputChars += charsOf(part);
    if (attempt.firstPartMs === null) noteFirstPart(attempt);
  }
  return part;
}

function charsOf(part: StreamPart): number {
  if (part.type === "text" || part.type === "reasoning") return part.text.length;
  return part.type === "tool-call" ? part.inputText.length : 0;
}

function noteFirstPart(attempt: OpenAttempt): void {
  const { call, input, startedMono } = attempt;
  attempt.firstPartMs = call.clock.monotonic() - startedMono;
  // All parts of a JSON answer arrive together.
  attempt.limitMs = input.transport === "json" ? null : call.limits.idleMs;
  clearTimer(attempt);
}

/** Stores id and model of an answer unless the adapter has reported them before. */
function noteResponseIds(attempt: OpenAttempt, { responseId, responseModel }: ResponseIds): void {
  const { reported } = attempt;
  if (typeof reported.responseId === "string" && typeof reported.responseModel === "string") return;
  attempt.reported = {
    ...reported,
    responseId: reported.responseId ?? responseId,
    responseModel: reported.responseModel ?? responseModel,
  };
}

/**
 * Reads the answer: passes each part to `consume` until that returns `false` or the answer ends. Applies backpressure: the next part is
 * requested from the adapter when the reader's buffer is drained. Rejects with an `LLMError` that names provider and model, and with errors
 * of `consume`.
 */
export function readAnswer(attempt: OpenAttempt, consume: (part: StreamPart) => boolean): Promise<void> {
  const { call } = attempt;
  if (call.interruption !== null) return Promise.reject(located(attempt, call.interruption));
  if (attempt.ended !== null) return Promise.reject(located(attempt, lostRaceError()));
  return new Promise((resolve, reject) => {
    attempt.reader = { consume, resolve, reject };
    attempt.input.watcher.whenDrained(attempt.onDrained);
  });
}

/** Requests the next part from the adapter, unless reading has ended. */
function beginPull(attempt: OpenAttempt): void {
  if (attempt.reader === null) return;
  if (attempt.restartsWait) attempt.waitingSince = attempt.call.clock.monotonic();
  if (attempt.timer === null && attempt.limitMs !== null) setTimer(attempt, attempt.limitMs);
  attempt.isPulling = true;
  try {
    if (attempt.iterator !== null) attempt.iterator.next().then(attempt.onPart, attempt.onFailure);
    else if (attempt.parts !== null) settle(attempt, attempt.parts.pop());
    else attempt.observed.run(() => send(attempt));
  } catch (thrown) {
    attempt.onFailure(thrown);
  }
}

/** Sends the request: the first call to the adapter. */
function send(attempt: OpenAttempt): void {
  const { input, onPart, onFailure } = attempt;
  const { provider } = attempt.link.resolved;
  if (input.transport === "stream") {
    attempt.iterator = provider.stream(input.request, toContext(attempt))[Symbol.asyncIterator]();
    attempt.iterator.next().then(onPart, onFailure);
    return;
  }
  provider.generate(input.request, toContext(attempt)).then((response) => {
    try {
      attempt.parts = toParts(response).reverse();
      // Usage and ids count even if the answer is not read to its end.
      attempt.usage = response.usage;
      noteResponseIds(attempt, response);
    } catch (thrown) {
      // An adapter that breaks its contract, in JavaScript.
      onFailure(thrown);
      return;
    }
    settle(attempt, attempt.parts.pop());
  }, onFailure);
}

/** Passes a part to the reader, or ends reading at the end of the answer. Parts that arrive after reading has ended are ignored. */
function settle(attempt: OpenAttempt, part: StreamPart | undefined): void {
  attempt.isPulling = false;
  let next = part;
  while (attempt.reader !== null) {
    if (next === undefined || !consumePart(attempt, attempt.reader, next)) {
      stopReading(attempt);
      return;
    }
    // The rest of a JSON answer is already available.
    const isAhead = attempt.input.watcher.bufferedCount() >= MAX_BUFFERED_EVENTS;
    next = isAhead ? undefined : attempt.parts?.pop();
    if (next === undefined) {
      if (isEndingWhole(attempt)) beginPull(attempt);
      else attempt.input.watcher.whenDrained(attempt.onDrained);
      return;
    }
  }
}

/** Passes a part to the reader. `false`: no more parts are needed. */
function consumePart(attempt: OpenAttempt, { consume, reject }: PartReader, part: StreamPart): boolean {
  try {
    return consume(notePart(attempt, part));
  } catch (thrown) {
    reject(thrown);
    return false;
  }
}

function stopReading(attempt: OpenAttempt): void {
  const { reader } = attempt;
  attempt.reader = null;
  reader?.resolve();
}

/** Ends reading with an error. */
function failReading(attempt: OpenAttempt, error: LLMError): void {
  const { reader } = attempt;
  attempt.reader = null;
  attempt.isPulling = false;
  reader?.reject(located(attempt, error));
}

function toContext(attempt: OpenAttempt): AttemptContext {
  const { call, link, input } = attempt;
  const { engine, controller } = input;
  // Assumed; an adapter that knows otherwise reports it.
  attempt.sent = true;
  return {
    signal: controller.signal,
    env: engine.env,
    clock: call.clock,
    callId: call.id,
    credentials: link.resolved.credentials,
    credentialId: link.resolved.ref.credential,
    limitMs: timeLeftMs(call),
    maxResponseBytes: engine.config.maxResponseBytes,
    onResponse(head) {
      attempt.requestId = head.requestId;
      attempt.sent = true;
      restWhenSpent(engine, link.resolved.ref, head);
    },
    onBytes() {
      attempt.lastBytesAtMonoMs = call.clock.monotonic();
    },
    report(report) {
      attempt.reported = { ...attempt.reported, ...report };
      if (report.sent !== undefined) attempt.sent = report.sent;
      if (report.usage !== undefined) attempt.usage = report.usage;
      if (report.whole !== undefined) setWhole(attempt, report.whole);
    },
  };
}

/** If a reply reports that a rate limit is used up, the link rests until the limit resets, instead of being rejected. */
function restWhenSpent({ breaker }: Engine, ref: LinkRef, { rateLimits }: ResponseHead): void {
  for (const { kind, remaining, resetMs } of rateLimits) {
    if (remaining === null || remaining > 0 || resetMs === null || resetMs <= 0) continue;
    breaker.rest(ref, resetMs, `no ${kind} left until the provider's limit is reset`);
  }
}

/** Closes the iterator, so that a generator runs its `finally`. Errors are ignored: the attempt has ended. */
async function closeIterator(iterator: AsyncIterator<StreamPart>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The attempt is over.
  }
}

/** Whether the outcome does not count for the link: the call ran out of time, was aborted, or another attempt won. */
function isReleased({ call, cutShort }: OpenAttempt, outcome: AttemptResult): boolean {
  if (typeof outcome === "string") return outcome === "cancelled";
  return cutShort || outcome === call.interruption || policyOf(outcome).breaker === "released";
}

/**
 * Ends the attempt: records it in the call, reports it to observers, breaker and gates, and closes the socket if the answer is not
 * complete. Later calls return the same record.
 *
 * @param answered - the link gave a complete answer, but the call did not accept it
 */
export function endAttempt(attempt: OpenAttempt, outcome: AttemptResult, answered = false): Attempt {
  if (attempt.ended !== null) return attempt.ended;
  const { call, input, iterator, place } = attempt;
  const { controller } = input;
  removeInterruptionListener(call, attempt.onInterrupt);
  clearTimer(attempt);
  if (call.endWhole === attempt.endWhole) call.endWhole = null;
  if (outcome === "cancelled") failReading(attempt, lostRaceError());
  attempt.reader = null;
  if (!attempt.complete && !controller.signal.aborted) {
    controller.abort(typeof outcome === "string" ? lostRaceError() : outcome);
  }
  if (iterator !== null) closeIterator(iterator);
  const ended = toAttempt(attempt, outcome);
  attempt.ended = ended;
  enterEnd(call, place, ended);
  attempt.observed.end(ended, () => toAttemptAnswer(attempt.answer));
  endAdmission(attempt.admission, ended, { outcome, answered, released: isReleased(attempt, outcome) });
  try {
    call.options.onAttempt?.(ended);
  } catch {
    // An error of the caller's callback does not affect the call.
  }
  return ended;
}
