import type { Attempt } from "../attempt.ts";
import type { ChainLink } from "../chain/plan-chain.ts";
import { shareOfTime } from "../chain/share-of-time.ts";
import { LONGEST_TIMER_MS } from "../clock.ts";
import { FIRST_TOKEN_MS, SILENT_FIRST_TOKEN_MS, type TimeLimits } from "../config/client-config.ts";
import { policyOf } from "../errors/error-policy.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import type { StreamPart } from "../model-answer.ts";
import type { AttemptContext } from "../provider.ts";
import type { AttemptSetup, OpenAttempt } from "./attempt-state.ts";
import { addWaiter, type Call, enterAttempt, enterEnd, removeWaiter, timeLeftMs } from "./call.ts";
import { type AttemptResult, LOST, toAttempt } from "./to-attempt.ts";
import { toParts } from "./to-parts.ts";

const lost = (): LLMError => new LLMError({ code: "aborted", message: LOST });

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
  transport: AttemptSetup["transport"],
): number | null {
  if (transport === "json") return attemptMs;
  if (firstTokenMs !== undefined) return firstTokenMs;
  return capabilities.silentReasoning ? SILENT_FIRST_TOKEN_MS : FIRST_TOKEN_MS;
}

/** Whether a wait of so long is as long as the client's own limits allow; a call's limits and its share of the time may be shorter. */
function isClientsLimit({ setup, link, firstLifeMs }: OpenAttempt, waitedMs: number): boolean {
  const { clientLimits, transport } = setup;
  const limitMs = firstLifeMs === null ? lifeLimitMs(clientLimits, link, transport) : clientLimits.idleMs;
  return limitMs !== null && waitedMs >= limitMs;
}

/** Starts an attempt; the request goes out with the first part that is asked for. */
export function openAttempt(call: Call, link: ChainLink, setup: AttemptSetup): OpenAttempt {
  const { clock } = call;
  const place = enterAttempt(call, setup.request);
  const startedMono = clock.monotonic();
  const attempt: OpenAttempt = {
    call,
    link,
    setup,
    controller: new AbortController(),
    place,
    startedAt: clock.now(),
    startedMono,
    requestId: null,
    usage: null,
    firstLifeMs: null,
    complete: false,
    ended: null,
    parts: null,
    iterator: null,
    resolve: null,
    reject: null,
    waitingSince: startedMono,
    waitsAnew: false,
    limitMs: shareOfTime(lifeLimitMs(call.limits, link, setup.transport), timeLeftMs(call), setup.linksLeft),
    timer: null,
    cutShort: false,
    onPart: ({ done, value }) => settle(attempt, done === true ? undefined : value),
    onFailure(thrown) {
      if (attempt.reject !== null) giveUp(attempt, toError(thrown));
    },
    onTimer: () => timeOut(attempt),
    onInterrupt(error) {
      cutOff(attempt, error);
      endAttempt(attempt, error);
    },
  };
  addWaiter(call, attempt.onInterrupt);
  return attempt;
}

function cutOff(attempt: OpenAttempt, error: LLMError): void {
  // The waiting caller learns the reason first; only then is the socket closed, or its end would pass for the reason.
  giveUp(attempt, error);
  attempt.controller.abort(error);
}

function setTimer(attempt: OpenAttempt, ms: number): void {
  attempt.timer = attempt.call.clock.setTimeout(attempt.onTimer, Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
}

function clearTimer(attempt: OpenAttempt): void {
  if (attempt.timer !== null) attempt.call.clock.clearTimeout(attempt.timer);
  attempt.timer = null;
}

function timeOut(attempt: OpenAttempt): void {
  attempt.timer = null;
  const { reject, limitMs, waitingSince, firstLifeMs, setup, link, call } = attempt;
  if (reject === null || limitMs === null) return;
  const leftMs = limitMs - (call.clock.monotonic() - waitingSince);
  if (leftMs > 0) {
    setTimer(attempt, leftMs);
    return;
  }
  const missing =
    firstLifeMs !== null ? "no part for" : setup.transport === "json" ? "no answer within" : "no first part within";
  const { provider, model } = link;
  const message = `${link.resolved.provider.name}: ${missing} ${Math.round(limitMs)} ms`;
  attempt.cutShort = !isClientsLimit(attempt, limitMs);
  cutOff(attempt, new LLMError({ code: "timeout", message, provider, model, callId: call.id }));
}

function seen(attempt: OpenAttempt, part: StreamPart): StreamPart {
  attempt.waitsAnew = isLife(part);
  if (part.type === "usage") attempt.usage = part.usage;
  else if (part.type === "finish") attempt.complete = true;
  else if (attempt.firstLifeMs === null) {
    const { call, setup, startedMono } = attempt;
    attempt.firstLifeMs = call.clock.monotonic() - startedMono;
    // What a JSON request brings is all there at once.
    attempt.limitMs = setup.transport === "json" ? null : call.limits.idleMs;
    clearTimer(attempt);
  }
  return part;
}

/** The next part, where it is here already and need not be waited for. */
export function arrivedPart(attempt: OpenAttempt): StreamPart | undefined {
  if (attempt.call.interruption !== null || attempt.ended !== null) return undefined;
  const part = attempt.parts?.shift();
  return part === undefined ? undefined : seen(attempt, part);
}

/** The next part, or `undefined` at the end. Fails with an `LLMError` that says where it happened. */
export function nextPart(attempt: OpenAttempt): Promise<StreamPart | undefined> {
  const { call } = attempt;
  if (call.interruption !== null) return Promise.reject(located(attempt, call.interruption));
  if (attempt.ended !== null) return Promise.reject(located(attempt, lost()));
  if (attempt.waitsAnew) attempt.waitingSince = call.clock.monotonic();
  if (attempt.timer === null && attempt.limitMs !== null) setTimer(attempt, attempt.limitMs);
  return new Promise((resolve, reject) => {
    attempt.resolve = resolve;
    attempt.reject = reject;
    try {
      pull(attempt);
    } catch (thrown) {
      attempt.onFailure(thrown);
    }
  });
}

/** Asks the adapter for what comes next. */
function pull(attempt: OpenAttempt): void {
  const { setup, parts, onFailure } = attempt;
  const { provider } = attempt.link.resolved;
  if (setup.transport === "stream") {
    attempt.iterator ??= provider.stream(setup.request, toContext(attempt))[Symbol.asyncIterator]();
    attempt.iterator.next().then(attempt.onPart, onFailure);
  } else if (parts !== null) settle(attempt, parts.shift());
  else {
    provider.generate(setup.request, toContext(attempt)).then((response) => {
      attempt.parts = toParts(response);
      settle(attempt, attempt.parts.shift());
    }, onFailure);
  }
}

/** Ends the wait with a part or with the end of the answer. What comes after the wait was given up is not heard. */
function settle(attempt: OpenAttempt, part: StreamPart | undefined): void {
  const { resolve } = attempt;
  if (resolve === null) return;
  attempt.resolve = null;
  attempt.reject = null;
  resolve(part === undefined ? undefined : seen(attempt, part));
}

/** Ends the wait badly. */
function giveUp(attempt: OpenAttempt, error: LLMError): void {
  const { reject } = attempt;
  attempt.resolve = null;
  attempt.reject = null;
  reject?.(located(attempt, error));
}

function toContext(attempt: OpenAttempt): AttemptContext {
  const { call, link, setup, controller } = attempt;
  return {
    signal: controller.signal,
    env: setup.env,
    clock: call.clock,
    callId: call.id,
    credentials: link.resolved.credentials,
    credentialId: link.resolved.ref.credential,
    limitMs: timeLeftMs(call),
    maxResponseBytes: setup.maxResponseBytes,
    onResponse(head) {
      attempt.requestId = head.requestId;
      setup.onResponse(head);
    },
  };
}

/** Lets a generator run its `finally`; what goes wrong there concerns nobody any more. */
async function leave(iterator: AsyncIterator<StreamPart>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The attempt is over.
  }
}

/** Ends the attempt and enters it into the call. What has not been read is cut off: the socket closes. Once. */
export function endAttempt(attempt: OpenAttempt, outcome: AttemptResult): Attempt {
  if (attempt.ended !== null) return attempt.ended;
  const { call, controller, iterator, place } = attempt;
  removeWaiter(call, attempt.onInterrupt);
  clearTimer(attempt);
  if (outcome === "cancelled") giveUp(attempt, lost());
  attempt.resolve = null;
  attempt.reject = null;
  if (!attempt.complete && !controller.signal.aborted) {
    controller.abort(typeof outcome === "string" ? lost() : outcome);
  }
  if (iterator !== null) leave(iterator);
  const ended = toAttempt(attempt, outcome);
  attempt.ended = ended;
  enterEnd(call, place, ended);
  return ended;
}
