import type { Attempt } from "../../contract/attempt.ts";
import type { AttemptStart } from "../../contract/call-observer.ts";
import { LONGEST_TIMER_MS } from "../../contract/clock.ts";
import type { LinkRef } from "../../contract/link.ts";
import type { ModelResponse, StreamPart } from "../../contract/model-answer.ts";
import type { AttemptContext, AttemptReport, ResponseHead } from "../../contract/provider.ts";
import { policyOf } from "../../errors/error-policy.ts";
import { isLLMError, LLMError } from "../../errors/llm-error.ts";
import { UNSEEN_ATTEMPT } from "../../observe/observing.ts";
import { FIRST_TOKEN_MS, SILENT_FIRST_TOKEN_MS, type TimeLimits } from "../../plan/client-config.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { type Admission, endAdmission } from "../admission/admission.ts";
import { addWaiter, checkTime, enterAttempt, enterEnd, removeWaiter, timeLeftMs } from "../call.ts";
import type { Engine } from "../engine.ts";
import { shareOfTime } from "../share-of-time.ts";
import { toParts } from "../to-parts.ts";
import type { AttemptInput } from "./attempt-input.ts";
import { type AttemptResult, lost } from "./attempt-result.ts";
import type { OpenAttempt, Reading } from "./attempt-state.ts";
import { toAttempt } from "./to-attempt.ts";

/** How many parts that have arrived may be shown before the reader takes them: enough to spare turns, too few to keep him waiting. */
const MOST_AHEAD = 32;

/** Bytes that are no part prove life no longer than this. */
const MOST_WITHOUT_PART_MS = 60_000;

/** How often, at the most, an attempt that may not move on looks again whether it may. */
const LEAST_LOOK_MS = 500;

const isLife = ({ type }: StreamPart): boolean => type === "text" || type === "reasoning" || type === "tool-call";

/** Whatever an adapter threw, as an `LLMError`. */
function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) {
    // Only core can know that a call is over; an adapter that says so while it goes on has lost its connection.
    if (policyOf(thrown).breaker !== "released") return thrown;
    return new LLMError({ code: "network", message: "the request ended early", cause: thrown });
  }
  return new LLMError({ code: "invalid_response", message: "the adapter failed unexpectedly", cause: thrown });
}

/** The error with where it happened. */
function located({ call, link }: OpenAttempt, error: LLMError): LLMError {
  const { provider, model } = link;
  // An interruption is the call's own error, not the link's.
  return error === call.interruption ? error : error.with({ provider, model, callId: call.id });
}

/** How long the first sign of life may take by these limits. */
function lifeLimitMs(
  { firstTokenMs, attemptMs }: TimeLimits,
  { capabilities }: ChainLink,
  transport: AttemptInput<unknown>["transport"],
): number | null {
  if (transport === "json") return attemptMs;
  if (firstTokenMs !== undefined) return firstTokenMs;
  return capabilities.silentReasoning ? SILENT_FIRST_TOKEN_MS : FIRST_TOKEN_MS;
}

/** How long the first sign of life may take while the call has no other link to move on to. */
function patienceOf(call: AttemptInput<unknown>["call"], lifeMs: number | null, linksLeft: number): number {
  const { attemptMs } = call.limits;
  const patienceMs = lifeMs === null || attemptMs === null ? null : Math.max(lifeMs, attemptMs);
  return shareOfTime(patienceMs, timeLeftMs(call), linksLeft) ?? Number.POSITIVE_INFINITY;
}

/** Whether a wait of so long is as long as the client's own limits allow; a call's limits and its share of the time may be shorter. */
function isClientsLimit({ input, link, firstLifeMs }: OpenAttempt, waitedMs: number): boolean {
  const { timeouts } = input.engine.config;
  const limitMs = firstLifeMs === null ? lifeLimitMs(timeouts, link, input.transport) : timeouts.idleMs;
  return limitMs !== null && waitedMs >= limitMs;
}

type AnswerNames = Pick<ModelResponse, "responseId" | "responseModel">;

const NOTHING_TOLD: AttemptReport = Object.freeze({});

/** Starts an attempt that has been admitted; the request goes out with the first part that is asked for. */
export function openAttempt(input: AttemptInput<unknown>, admission: Admission): OpenAttempt {
  const { engine, call, link } = input;
  const { clock } = call;
  const place = enterAttempt(call, input.request);
  const startedMono = clock.monotonic();
  const lifeMs = lifeLimitMs(call.limits, link, input.transport);
  const attempt: OpenAttempt = {
    call,
    link,
    input,
    admission,
    observed: UNSEEN_ATTEMPT,
    place,
    startedAt: clock.now(),
    startedMono,
    requestId: null,
    told: NOTHING_TOLD,
    sent: false,
    usage: null,
    outputChars: 0,
    firstLifeMs: null,
    complete: false,
    ended: null,
    parts: null,
    iterator: null,
    reading: null,
    isPulling: false,
    waitingSince: startedMono,
    waitsAnew: false,
    aliveAtMonoMs: startedMono,
    limitMs: shareOfTime(lifeMs, timeLeftMs(call), input.linksLeft),
    patienceMs: patienceOf(call, lifeMs, input.linksLeft),
    timer: null,
    cutShort: false,
    onPart: ({ done, value }) => settle(attempt, done === true ? undefined : value),
    onFailure(thrown) {
      if (attempt.reading !== null) giveUp(attempt, toError(thrown));
    },
    onTimer: () => timeOut(attempt),
    whenAsked: {
      resume: () => beginPull(attempt),
      fail: (error) => giveUp(attempt, error),
    },
    onInterrupt(error) {
      cutOff(attempt, error);
      endAttempt(attempt, error);
    },
  };
  engine.budget.count(link.resolved.ref, startedMono);
  attempt.observed = input.observed.attempt(() => toStart(attempt));
  addWaiter(call, attempt.onInterrupt);
  return attempt;
}

function toStart({ call, link, input, startedAt }: OpenAttempt): AttemptStart {
  const { number, kind, transport, request } = input;
  const { provider, model } = link;
  return { callId: call.id, number, kind, provider, model, transport, startedAt, request: () => request };
}

function cutOff(attempt: OpenAttempt, error: LLMError): void {
  // The waiting caller learns the reason first; only then is the socket closed, or its end would pass for the reason.
  giveUp(attempt, error);
  attempt.input.controller.abort(error);
}

function setTimer(attempt: OpenAttempt, ms: number): void {
  attempt.timer = attempt.call.clock.setTimeout(attempt.onTimer, Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
}

function clearTimer(attempt: OpenAttempt): void {
  if (attempt.timer !== null) attempt.call.clock.clearTimeout(attempt.timer);
  attempt.timer = null;
}

/** How long the wait for a part may take, as far as is known by now. */
function mostMs({ firstLifeMs, waitingSince, aliveAtMonoMs }: OpenAttempt, limitMs: number): number {
  if (firstLifeMs === null) return limitMs;
  const aliveForMs = Math.max(0, aliveAtMonoMs - waitingSince) + limitMs;
  return Math.min(aliveForMs, Math.max(limitMs, MOST_WITHOUT_PART_MS));
}

/** The limit of the first part is for moving on: without a link that is ready, there is only patience. */
function extendLimit(attempt: OpenAttempt, limitMs: number): boolean {
  const { firstLifeMs, patienceMs, input } = attempt;
  if (firstLifeMs !== null || limitMs >= patienceMs || input.mayMoveOn()) return false;
  attempt.limitMs = Math.min(patienceMs, limitMs + Math.max(limitMs, LEAST_LOOK_MS));
  return true;
}

function timeOut(attempt: OpenAttempt): void {
  attempt.timer = null;
  const { isPulling, limitMs, waitingSince, firstLifeMs, input, link, call } = attempt;
  if (!isPulling || limitMs === null) return;
  // Where the timer is late, the call may be over: then there is nothing to move on to.
  checkTime(call);
  if (call.interruption !== null) return;
  const waitMs = mostMs(attempt, limitMs);
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
    firstLifeMs !== null ? "no part for" : input.transport === "json" ? "no answer within" : "no first part within";
  const { provider, model } = link;
  const message = `${link.resolved.provider.name}: ${missing} ${Math.round(waitMs)} ms`;
  attempt.cutShort = !isClientsLimit(attempt, waitMs);
  cutOff(attempt, new LLMError({ code: "timeout", message, provider, model, callId: call.id }));
}

function seen(attempt: OpenAttempt, part: StreamPart): StreamPart {
  attempt.waitsAnew = isLife(part);
  if (part.type === "usage") attempt.usage = part.usage;
  else if (part.type === "finish") {
    attempt.complete = true;
    takeNames(attempt, part);
  } else {
    attempt.outputChars += charsOf(part);
    if (attempt.firstLifeMs === null) beginLife(attempt);
  }
  return part;
}

function charsOf(part: StreamPart): number {
  if (part.type === "text" || part.type === "reasoning") return part.text.length;
  return part.type === "tool-call" ? part.inputText.length : 0;
}

function beginLife(attempt: OpenAttempt): void {
  const { call, input, startedMono } = attempt;
  attempt.firstLifeMs = call.clock.monotonic() - startedMono;
  // What a JSON request brings is all there at once.
  attempt.limitMs = input.transport === "json" ? null : call.limits.idleMs;
  clearTimer(attempt);
}

/** Id and model of an answer, where the adapter has not reported them before. */
function takeNames(attempt: OpenAttempt, { responseId, responseModel }: AnswerNames): void {
  const { told } = attempt;
  if (typeof told.responseId === "string" && typeof told.responseModel === "string") return;
  attempt.told = {
    ...told,
    responseId: told.responseId ?? responseId,
    responseModel: told.responseModel ?? responseModel,
  };
}

/**
 * Reads the answer: hands each part to `consume` as it comes, until that returns `false` or the answer ends. Nobody asks the provider for
 * more than the reader asks for: the adapter is asked when the reader has taken everything. Rejects with an `LLMError` that says where it
 * happened, and with what `consume` throws.
 */
export function readParts(attempt: OpenAttempt, consume: (part: StreamPart) => boolean): Promise<void> {
  const { call } = attempt;
  if (call.interruption !== null) return Promise.reject(located(attempt, call.interruption));
  if (attempt.ended !== null) return Promise.reject(located(attempt, lost()));
  return new Promise((resolve, reject) => {
    attempt.reading = { consume, resolve, reject };
    attempt.input.watcher.whenAsked(attempt.whenAsked);
  });
}

/** The reader asks: so does the attempt, unless it has been given up meanwhile. */
function beginPull(attempt: OpenAttempt): void {
  if (attempt.reading === null) return;
  if (attempt.waitsAnew) attempt.waitingSince = attempt.call.clock.monotonic();
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

/** Asks the adapter for the first time: the request goes out. */
function send(attempt: OpenAttempt): void {
  const { input, onPart, onFailure } = attempt;
  const { provider } = attempt.link.resolved;
  if (input.transport === "stream") {
    attempt.iterator = provider.stream(input.request, toContext(attempt))[Symbol.asyncIterator]();
    attempt.iterator.next().then(onPart, onFailure);
    return;
  }
  provider.generate(input.request, toContext(attempt)).then((response) => {
    // The answer is here, however much of it is going to be read.
    attempt.usage = response.usage;
    takeNames(attempt, response);
    attempt.parts = toParts(response).reverse();
    settle(attempt, attempt.parts.pop());
  }, onFailure);
}

/** Hands over a part, or ends the reading at the end of the answer. What comes after it was given up is not heard. */
function settle(attempt: OpenAttempt, part: StreamPart | undefined): void {
  attempt.isPulling = false;
  let next = part;
  while (attempt.reading !== null) {
    if (next === undefined || !take(attempt, attempt.reading, next)) {
      stopReading(attempt);
      return;
    }
    // Of an answer that came whole the rest is here already.
    const isAhead = attempt.input.watcher.behind() >= MOST_AHEAD;
    next = isAhead ? undefined : attempt.parts?.pop();
    if (next === undefined) {
      attempt.input.watcher.whenAsked(attempt.whenAsked);
      return;
    }
  }
}

/** Whether there is more to read. */
function take(attempt: OpenAttempt, { consume, reject }: Reading, part: StreamPart): boolean {
  try {
    return consume(seen(attempt, part));
  } catch (thrown) {
    reject(thrown);
    return false;
  }
}

function stopReading(attempt: OpenAttempt): void {
  const { reading } = attempt;
  attempt.reading = null;
  reading?.resolve();
}

/** Ends the reading badly. */
function giveUp(attempt: OpenAttempt, error: LLMError): void {
  const { reading } = attempt;
  attempt.reading = null;
  attempt.isPulling = false;
  reading?.reject(located(attempt, error));
}

function toContext(attempt: OpenAttempt): AttemptContext {
  const { call, link, input } = attempt;
  const { engine, controller } = input;
  // An adapter that knows better reports it.
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
      attempt.aliveAtMonoMs = call.clock.monotonic();
    },
    report(told) {
      attempt.told = { ...attempt.told, ...told };
      if (told.sent !== undefined) attempt.sent = told.sent;
      if (told.usage !== undefined) attempt.usage = told.usage;
    },
  };
}

/** A provider that says that nothing is left is left alone until its limit is reset, rather than asked for a refusal. */
function restWhenSpent({ breaker }: Engine, ref: LinkRef, { rateLimits }: ResponseHead): void {
  for (const { kind, remaining, resetMs } of rateLimits) {
    if (remaining === null || remaining > 0 || resetMs === null || resetMs <= 0) continue;
    breaker.rest(ref, resetMs, `no ${kind} left until the provider's limit is reset`);
  }
}

/** Lets a generator run its `finally`; what goes wrong there concerns nobody any more. */
async function leave(iterator: AsyncIterator<StreamPart>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The attempt is over.
  }
}

/** Neither the caller's patience nor a faster rival says anything about the link. */
function isReleased({ call, cutShort }: OpenAttempt, outcome: AttemptResult): boolean {
  if (typeof outcome === "string") return outcome === "cancelled";
  return cutShort || outcome === call.interruption || policyOf(outcome).breaker === "released";
}

/**
 * Ends the attempt, and enters it into the call and wherever else it counts. What has not been read is cut off: the socket closes. Once.
 *
 * @param answered - the link gave a whole answer, although it does not do for this call
 */
export function endAttempt(attempt: OpenAttempt, outcome: AttemptResult, answered = false): Attempt {
  if (attempt.ended !== null) return attempt.ended;
  const { call, input, iterator, place } = attempt;
  const { controller } = input;
  removeWaiter(call, attempt.onInterrupt);
  clearTimer(attempt);
  if (outcome === "cancelled") giveUp(attempt, lost());
  attempt.reading = null;
  if (!attempt.complete && !controller.signal.aborted) {
    controller.abort(typeof outcome === "string" ? lost() : outcome);
  }
  if (iterator !== null) leave(iterator);
  const ended = toAttempt(attempt, outcome);
  attempt.ended = ended;
  enterEnd(call, place, ended);
  attempt.observed.end(ended);
  endAdmission(attempt.admission, ended, { outcome, answered, released: isReleased(attempt, outcome) });
  try {
    call.options.onAttempt?.(ended);
  } catch {
    // The caller's callback is the caller's own affair.
  }
  return ended;
}
