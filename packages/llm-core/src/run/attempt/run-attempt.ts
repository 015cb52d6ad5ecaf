import { escapeInvisible } from "../../errors/invisible-characters.ts";
import { isLLMError, LLMError } from "../../errors/llm-error.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { drained } from "../../stream/watcher.ts";
import type { Admission } from "../admission/admission.ts";
import { type FinishedAnswer, finishAnswer } from "../answer.ts";
import type { Judgement } from "../answer-form.ts";
import { type Call, warn } from "../call.ts";
import { unlessInterrupted } from "../wait.ts";
import { type AttemptEnd, type AttemptInput, CANCELLED } from "./attempt-input.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { answerOf, consumePart, discardReasoning, hasToolParts } from "./consume-part.ts";
import { endAttempt } from "./end-attempt.ts";
import { openAttempt } from "./open-attempt.ts";
import { readAnswer } from "./read-answer.ts";

function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) return thrown;
  return new LLMError({ code: "invalid_response", message: "the answer could not be read", cause: thrown });
}

/** An answer whose only sign of completeness is the end marker of the wire is accepted, with a warning. */
function warnOfOddEnd(
  call: Call,
  { provider, model }: ChainLink,
  { finishReason, rawFinishReason }: FinishedAnswer,
): void {
  if (finishReason !== "other") return;
  const reason =
    rawFinishReason === null ? "no reason" : `the reason ${escapeInvisible(JSON.stringify(rawFinishReason))}`;
  warn(call, `${provider}/${model} ended its answer with ${reason}: it may not be complete`);
}

/**
 * Makes one attempt: sends the request, reads the parts, judges the answer. Rejects only if the call is interrupted; every other failure is in the
 * result.
 */
export function runAttempt<T>(input: AttemptInput<T>, admission: Admission): Promise<AttemptEnd<T>> {
  const attempt = openAttempt(input, admission);
  input.rival.onLost(() => {
    endAttempt(attempt, "cancelled");
    discardReasoning(attempt);
  });
  // Not an async function: thousands of attempts wait here at once, and this needs half of the memory.
  return readAnswer(attempt, consumePart).then(
    () => judgeAnswer(input, attempt),
    (thrown: unknown) => endUnread(input, attempt, thrown),
  );
}

/** Ends the attempt when its answer was read to the end. */
async function judgeAnswer<T>(input: AttemptInput<T>, attempt: OpenAttempt): Promise<AttemptEnd<T>> {
  const { walk, call, link, rival } = input;
  if (attempt.isBeaten) return CANCELLED;
  let finished: FinishedAnswer;
  try {
    finished = finishAnswer(answerOf(attempt), link);
    if (!rival.claim()) return CANCELLED;
  } catch (thrown) {
    return endUnread(input, attempt, thrown);
  }
  let verdict: Judgement<T>;
  try {
    const judged = walk.form.judge(finished, input.formLink);
    verdict = judged instanceof Promise ? await unlessInterrupted(call, judged) : judged;
  } catch (thrown) {
    return endFailed(attempt, { error: call.interruption ?? toError(thrown), again: false, answered: false });
  }
  if (verdict.type !== "accept") {
    const error = verdict.error.with(locationOf(attempt));
    return endFailed(attempt, { error, again: verdict.type === "ask-again", answered: true });
  }
  warnOfOddEnd(call, link, finished);
  const ended = endAttempt(attempt, "success");
  // The answer is complete: do not wait for a slow reader.
  walk.watcher.show({ type: "attempt", attempt: ended });
  return {
    type: "served",
    value: verdict.value,
    answer: verdict.answer,
    firstTokenMs: attempt.fit === null ? attempt.firstTokenMs : walk.output.firstOutputMs,
  };
}

/** Ends the attempt when its answer could not be read to the end, or was not complete. */
async function endUnread<T>(
  { walk, call }: AttemptInput<T>,
  attempt: OpenAttempt,
  thrown: unknown,
): Promise<AttemptEnd<T>> {
  if (attempt.ended?.outcome === "cancelled") return CANCELLED;
  const error = call.interruption ?? toError(thrown).with(locationOf(attempt));
  walk.form.failed?.(error);
  return endFailed(attempt, { error, again: false, answered: false });
}

async function endFailed(
  attempt: OpenAttempt,
  { error, again, answered }: { error: LLMError; again: boolean; answered: boolean },
): Promise<AttemptEnd<never>> {
  const { call } = attempt;
  const { watcher } = attempt.input.walk;
  const toolParts = hasToolParts(attempt);
  const ended = endAttempt(attempt, error, answered);
  if (call.interruption !== null) throw call.interruption;
  if (watcher.isReading()) {
    watcher.show({ type: "attempt", attempt: ended });
    discardReasoning(attempt);
    await drained(watcher);
  }
  return { type: "failed", error, again, toolParts };
}

const locationOf = ({ call, link: { provider, model } }: OpenAttempt) => ({ provider, model, callId: call.id });
