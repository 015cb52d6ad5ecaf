import type { StreamPart } from "../../contract/model-answer.ts";
import type { ToolCall } from "../../contract/tool.ts";
import { escapeInvisible } from "../../errors/invisible-characters.ts";
import { isLLMError, LLMError } from "../../errors/llm-error.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { drained } from "../../stream/watcher.ts";
import type { Admission } from "../admission/admission.ts";
import { createAnswer, type FinishedAnswer, finishAnswer, takePart } from "../answer.ts";
import type { Judgement } from "../answer-form.ts";
import { type Call, elapsedMs, warn } from "../call.ts";
import { findNumber, inexactNumbers } from "../inexact-numbers.ts";
import { createJSONWeight } from "../json-weight.ts";
import { unlessInterrupted } from "../wait.ts";
import { type AttemptEnd, type AttemptInput, CANCELLED } from "./attempt-input.ts";
import { endAttempt } from "./end-attempt.ts";
import { openAttempt } from "./open-attempt.ts";
import { readAnswer } from "./read-answer.ts";

/** Whether a part commits the answer. */
const commits = ({ type }: StreamPart): boolean => type === "text" || type === "tool-call";

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

/** Warns of a number that `input` cannot represent exactly. */
function warnOfNumbers(call: Call, { provider, model }: ChainLink, { name, input, rawInput }: ToolCall): void {
  if (findNumber(input, inexactNumbers(rawInput)) === null) return;
  const quotedName = escapeInvisible(JSON.stringify(name));
  warn(call, `${provider}/${model} called ${quotedName} with a number beyond 2^53, which only rawInput has exactly`);
}

/**
 * Makes one attempt: sends the request, reads the parts, judges the answer. Rejects only if the call is interrupted; every other failure is in the
 * result.
 */
export async function runAttempt<T>(input: AttemptInput<T>, admission: Admission): Promise<AttemptEnd<T>> {
  const { call, link, form, output, watcher, rival } = input;
  const attempt = openAttempt(input, admission);
  rival.onLost(() => {
    endAttempt(attempt, "cancelled");
    discardReasoning();
  });
  const fit = output.continuedFrom === null ? null : output.continuationFit();
  const { messages } = input.request;
  const answer = createAnswer(call.options.tools, fit === null ? "" : output.text, input.readToolCall, messages);
  attempt.answer = answer;
  // A form that observes parts parses JSON values from them: limit their memory.
  const weight = form.observe === undefined ? null : createJSONWeight();
  let firstTokenMs: number | null = null;
  let shownReasoning = "";
  let isBeaten = false;

  /** In a race, only the leader's reasoning is shown, until another attempt wins. */
  const mayShowReasoning = (): boolean => rival.hasWon() || (rival.leads && attempt.ended === null);

  /** Reports that the shown reasoning is not part of the answer. */
  function discardReasoning(): void {
    if (shownReasoning === "") return;
    const { provider, model } = link;
    watcher.show({ type: "reasoning-discarded", discardedText: shownReasoning, from: { provider, model } });
    shownReasoning = "";
  }

  /** Adds a part to the answer, and shows it to the reader. */
  function enter(part: StreamPart): void {
    const toolCalls = takePart(answer, part);
    weight?.add(part);
    form.observe?.(part);
    for (const toolCall of toolCalls) warnOfNumbers(call, link, toolCall);
    if (firstTokenMs === null && commits(part)) firstTokenMs = elapsedMs(call);
    if (!(watcher.isReading() || output.isCommitted)) return;
    if (part.type === "text" && part.text !== "") {
      output.setText(answer.text, link, firstTokenMs ?? elapsedMs(call));
      watcher.show(part);
    } else if (part.type === "reasoning" && part.text !== "" && mayShowReasoning()) {
      if (watcher.show({ type: "reasoning", text: part.text })) shownReasoning += part.text;
    }
    for (const toolCall of toolCalls) {
      // Only events that the reader receives commit the answer.
      if (watcher.show({ type: "tool-call", toolCall })) output.addToolCall(elapsedMs(call));
    }
  }

  /** Consumes a part. `false`: no more parts are needed. */
  function consume(arrived: StreamPart): boolean {
    let part = arrived;
    if (fit !== null && part.type === "text") part = { type: "text", text: fit.take(part.text) };
    else if (fit !== null && part.type !== "usage") {
      const text = fit.release();
      if (text !== "") enter({ type: "text", text });
    }
    if (part.type === "reasoning") rival.noteReasoning();
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
      await drained(watcher);
    }
    return { type: "failed", error, again, toolParts: answer.calls.length > 0 };
  }

  let finished: FinishedAnswer;
  try {
    await readAnswer(attempt, consume);
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
    verdict = judged instanceof Promise ? await unlessInterrupted(call, judged) : judged;
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
  // The answer is complete: do not wait for a slow reader.
  watcher.show({ type: "attempt", attempt: ended });
  return {
    type: "served",
    value: verdict.value,
    answer: verdict.answer,
    firstTokenMs: fit === null ? firstTokenMs : output.firstOutputMs,
  };
}
