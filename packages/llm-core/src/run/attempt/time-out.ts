import { isLLMError, LLMError } from "../../errors/llm-error.ts";
import { checkTime, END_WHOLE_MS } from "../call.ts";
import { clearTimer, currentLimitMs, extendLimit, isClientsLimit, setTimer } from "./attempt-limits.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { beginPull, failReading } from "./read-answer.ts";
import { toAdapterError } from "./to-adapter-error.ts";

/** The timer of a wait has fired: ends the attempt with `timeout`, unless its limit was extended. A complete answer is still returned. */
export function timeOut(attempt: OpenAttempt): void {
  attempt.timer = null;
  const { isPulling, limitMs, waitingSince, firstPartMs, input, link, call } = attempt;
  const { signal } = input.controller;
  if (signal.aborted) {
    // `endWhole` aborted the connection, and the adapter did not return its complete answer in time.
    failReading(attempt, isLLMError(signal.reason) ? signal.reason : toAdapterError(signal.reason));
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

/**
 * Aborts the connection of a complete answer, so that the adapter returns the rest of it, which is buffered for a slow reader. `false`: the
 * answer is not complete or not being read.
 */
export function endWhole(attempt: OpenAttempt, why: LLMError): boolean {
  const { reader, input, reported } = attempt;
  if (reported.whole !== true || reader === null || input.controller.signal.aborted) return false;
  clearTimer(attempt);
  setTimer(attempt, END_WHOLE_MS);
  input.controller.abort(why);
  if (!attempt.isPulling) beginPull(attempt);
  return true;
}

/** Ends reading with an error, then closes the connection. */
export function cutOff(attempt: OpenAttempt, error: LLMError): void {
  // Reject first, then close the socket: else the adapter's network error would be reported as the reason.
  failReading(attempt, error);
  attempt.input.controller.abort(error);
}
