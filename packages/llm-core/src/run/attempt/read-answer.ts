import type { StreamPart } from "../../contract/model-answer.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import { toParts } from "../to-parts.ts";
import { toContext } from "./attempt-context.ts";
import { setTimer } from "./attempt-limits.ts";
import { lostRaceError } from "./attempt-result.ts";
import type { OpenAttempt, PartReader } from "./attempt-state.ts";
import { notePart, noteResponseIds } from "./note-part.ts";

/** Maximum number of events buffered for the reader before a JSON answer is read further: saves event-loop turns at a small delay. */
const MAX_BUFFERED_EVENTS = 32;

/** Adds provider, model and call id to an error. */
function located({ call, link }: OpenAttempt, error: LLMError): LLMError {
  const { provider, model } = link;
  // An interruption is the call's own error, not the link's.
  return error === call.interruption ? error : error.with({ provider, model, callId: call.id });
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
export function beginPull(attempt: OpenAttempt): void {
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
export function settle(attempt: OpenAttempt, part: StreamPart | undefined): void {
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

/** `endWhole` has aborted the connection: the rest of the answer is taken without backpressure. */
const isEndingWhole = ({ reported, input }: OpenAttempt): boolean =>
  reported.whole === true && input.controller.signal.aborted;

function stopReading(attempt: OpenAttempt): void {
  const { reader } = attempt;
  attempt.reader = null;
  reader?.resolve();
}

/** Ends reading with an error. */
export function failReading(attempt: OpenAttempt, error: LLMError): void {
  const { reader } = attempt;
  attempt.reader = null;
  attempt.isPulling = false;
  reader?.reject(located(attempt, error));
}
