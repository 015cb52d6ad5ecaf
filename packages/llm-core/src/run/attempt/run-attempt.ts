import type { StreamPart } from "../../contract/model-answer.ts";
import { showHidden } from "../../errors/hidden-characters.ts";
import { isLLMError, LLMError } from "../../errors/llm-error.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { caughtUp } from "../../stream/watcher.ts";
import type { Admission } from "../admission/admission.ts";
import { createAnswer, type FinishedAnswer, finishAnswer, takePart } from "../answer.ts";
import type { Judgement } from "../answer-form.ts";
import { type Call, elapsedMs, warn } from "../call.ts";
import { createJSONWeight } from "../json-weight.ts";
import { until } from "../wait.ts";
import { type AttemptEnd, type AttemptInput, CANCELLED } from "./attempt-input.ts";
import { endAttempt, openAttempt, readParts } from "./open-attempt.ts";

/** Whether a part is of the answer itself. */
const commits = ({ type }: StreamPart): boolean => type === "text" || type === "tool-call";

function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) return thrown;
  return new LLMError({ code: "invalid_response", message: "the answer could not be read", cause: thrown });
}

/** An answer that is whole by its wire's end marker alone is served, and not in silence. */
function warnOfOddEnd(
  call: Call,
  { provider, model }: ChainLink,
  { finishReason, rawFinishReason }: FinishedAnswer,
): void {
  if (finishReason !== "other") return;
  const reason = rawFinishReason === null ? "no reason" : `the reason ${showHidden(JSON.stringify(rawFinishReason))}`;
  warn(call, `${provider}/${model} ended its answer with ${reason}: it may not be complete`);
}

/** Makes one attempt: request, parts, judgement. Fails only when the call is interrupted; everything else is in what it returns. */
export async function runAttempt<T>(input: AttemptInput<T>, admission: Admission): Promise<AttemptEnd<T>> {
  const { call, link, form, shown, watcher, rival } = input;
  const attempt = openAttempt(input, admission);
  rival.onLost(() => {
    endAttempt(attempt, "cancelled");
    discardReasoning();
  });
  const fit = shown.continuedFrom === null ? null : shown.continuationFit();
  const answer = createAnswer(call.options.tools, fit === null ? "" : shown.text, input.readToolCall);
  // What reads an answer while it arrives reads values from it.
  const weight = form.observe === undefined ? null : createJSONWeight();
  let firstTokenMs: number | null = null;
  let shownReasoning = "";
  let isBeaten = false;

  /** Of attempts that race, the leader's is shown until another one has won, which may be while its next part is on the way. */
  const mayShowReasoning = (): boolean => rival.hasWon() || (rival.leads && attempt.ended === null);

  /** The attempt gives no answer: its reasoning is not that of the answer. */
  function discardReasoning(): void {
    if (shownReasoning === "") return;
    const { provider, model } = link;
    watcher.show({ type: "reasoning-discarded", discardedText: shownReasoning, from: { provider, model } });
    shownReasoning = "";
  }

  /** Enters a part, and shows what of it is for the reader. */
  function enter(part: StreamPart): void {
    const toolCalls = takePart(answer, part);
    weight?.add(part);
    form.observe?.(part);
    if (firstTokenMs === null && commits(part)) firstTokenMs = elapsedMs(call);
    if (!(watcher.isReading() || shown.binds)) return;
    if (part.type === "text" && part.text !== "") {
      shown.addText(part.text, link, firstTokenMs ?? elapsedMs(call));
      watcher.show(part);
    } else if (part.type === "reasoning" && part.text !== "" && mayShowReasoning()) {
      if (watcher.show({ type: "reasoning", text: part.text })) shownReasoning += part.text;
    }
    for (const toolCall of toolCalls) {
      // What a reader does not see binds nobody.
      if (watcher.show({ type: "tool-call", toolCall })) shown.addToolCall(elapsedMs(call));
    }
  }

  /** Takes a part that has arrived. `false`: no more are needed. */
  function consume(arrived: StreamPart): boolean {
    let part = arrived;
    if (fit !== null && part.type === "text") part = { type: "text", text: fit.take(part.text) };
    else if (fit !== null && part.type !== "usage") {
      const text = fit.release();
      if (text !== "") enter({ type: "text", text });
    }
    if (part.type === "reasoning") rival.showsLife();
    if (commits(part) && !rival.claim()) {
      isBeaten = true;
      return false;
    }
    enter(part);
    return answer.finish === null;
  }

  async function fail(failure: { error: LLMError; again: boolean; answered: boolean }): Promise<AttemptEnd<T>> {
    const { error, again, answered } = failure;
    const ended = endAttempt(attempt, error, answered);
    if (call.interruption !== null) throw call.interruption;
    if (watcher.isReading()) {
      watcher.show({ type: "attempt", attempt: ended });
      discardReasoning();
      await caughtUp(watcher);
    }
    return { type: "failed", error, again, toolParts: answer.calls.length > 0 };
  }

  let finished: FinishedAnswer;
  try {
    await readParts(attempt, consume);
    if (isBeaten) return CANCELLED;
    finished = finishAnswer(answer, link);
    if (!rival.claim()) return CANCELLED;
  } catch (thrown) {
    if (attempt.ended?.outcome === "cancelled") return CANCELLED;
    const { provider, model } = link;
    const error = call.interruption ?? toError(thrown).with({ provider, model, callId: call.id });
    form.failed?.(error);
    return fail({ error, again: false, answered: false });
  }

  let verdict: Judgement<T>;
  try {
    const judged = form.judge(finished, input.formLink);
    verdict = judged instanceof Promise ? await until(call, judged) : judged;
  } catch (thrown) {
    return fail({ error: call.interruption ?? toError(thrown), again: false, answered: false });
  }
  if (verdict.type !== "accept") {
    const { provider, model } = link;
    const error = verdict.error.with({ provider, model, callId: call.id });
    return fail({ error, again: verdict.type === "ask-again", answered: true });
  }
  warnOfOddEnd(call, link, finished);
  const ended = endAttempt(attempt, "success");
  // The answer is whole: neither a reader who idles nor one who leaves takes it away.
  watcher.show({ type: "attempt", attempt: ended });
  return {
    type: "served",
    value: verdict.value,
    answer: verdict.answer,
    firstTokenMs: fit === null ? firstTokenMs : shown.firstMs,
  };
}
