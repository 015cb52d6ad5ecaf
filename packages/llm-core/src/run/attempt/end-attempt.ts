import type { Attempt } from "../../contract/attempt.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import { policyOf } from "../../errors/error-policy.ts";
import { endAdmission } from "../admission/admission.ts";
import { toAttemptAnswer } from "../answer.ts";
import { enterEnd, removeInterruptionListener } from "../call.ts";
import { clearTimer } from "./attempt-limits.ts";
import { type AttemptResult, lostRaceError } from "./attempt-result.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { failReading } from "./read-answer.ts";
import { toAttempt } from "./to-attempt.ts";

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
  const { answer } = attempt;
  attempt.observed.end(ended, () => toAttemptAnswer(answer));
  // An object of a call that waited long is collected late, and retains what it refers to.
  attempt.answer = null;
  attempt.parts = null;
  endAdmission(attempt.admission, ended, { outcome, answered, released: isReleased(attempt, outcome) });
  try {
    call.options.onAttempt?.(ended);
  } catch {
    // An error of the caller's callback does not affect the call.
  }
  return ended;
}

/** Whether the outcome does not count for the link: the call ran out of time, was aborted, or another attempt won. */
function isReleased({ call, cutShort }: OpenAttempt, outcome: AttemptResult): boolean {
  if (typeof outcome === "string") return outcome === "cancelled";
  return cutShort || outcome === call.interruption || policyOf(outcome).breaker === "released";
}

/** Closes the iterator, so that a generator runs its `finally`. Errors are ignored: the attempt has ended. */
async function closeIterator(iterator: AsyncIterator<StreamPart>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The attempt is over.
  }
}
