import type { StreamPart } from "../../contract/model-answer.ts";
import type { ToolCall } from "../../contract/tool.ts";
import { escapeInvisible } from "../../errors/invisible-characters.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { createAnswer, type OpenAnswer, takePart } from "../answer.ts";
import { type Call, elapsedMs, warn } from "../call.ts";
import { findNumber, inexactNumbers } from "../inexact-numbers.ts";
import type { OpenAttempt } from "./attempt-state.ts";

/** Whether a part commits the answer. */
const commits = ({ type }: StreamPart): boolean => type === "text" || type === "tool-call";

/** Warns of a number that `input` cannot represent exactly. */
function warnOfNumbers(call: Call, { provider, model }: ChainLink, { name, input, rawInput }: ToolCall): void {
  if (findNumber(input, inexactNumbers(rawInput)) === null) return;
  const quotedName = escapeInvisible(JSON.stringify(name));
  warn(call, `${provider}/${model} called ${quotedName} with a number beyond 2^53, which only rawInput has exactly`);
}

/** The answer of the attempt, created when it is first needed: a waiting call has none. */
export function answerOf(attempt: OpenAttempt): OpenAnswer {
  const { call, input, fit } = attempt;
  const { output, readToolCall } = input.walk;
  attempt.answer ??= createAnswer(
    call.options.tools,
    fit === null ? "" : output.text,
    readToolCall,
    input.request.messages,
  );
  return attempt.answer;
}

/** Whether a part of a tool call has arrived. */
export function hasToolParts({ answer }: OpenAttempt): boolean {
  return answer !== null && answer.calls.length > 0;
}

/** Consumes a part. `false`: no more parts are needed. */
export function consumePart(attempt: OpenAttempt, arrived: StreamPart): boolean {
  const { fit } = attempt;
  const { rival } = attempt.input;
  const answer = answerOf(attempt);
  let part = arrived;
  if (fit !== null && part.type === "text") part = { type: "text", text: fit.take(part.text) };
  else if (fit !== null && part.type !== "usage") {
    const text = fit.release();
    if (text !== "") enter(attempt, answer, { type: "text", text });
  }
  if (part.type === "reasoning") rival.noteReasoning();
  if (commits(part) && !rival.claim()) {
    attempt.isBeaten = true;
    return false;
  }
  enter(attempt, answer, part);
  return answer.finish === null;
}

/** Adds a part to the answer, and shows it to the reader. */
function enter(attempt: OpenAttempt, answer: OpenAnswer, part: StreamPart): void {
  const { call, link, input, weight } = attempt;
  const { form, watcher, output } = input.walk;
  const toolCalls = takePart(answer, part);
  weight?.add(part);
  form.observe?.(part);
  for (const toolCall of toolCalls) warnOfNumbers(call, link, toolCall);
  if (attempt.firstTokenMs === null && commits(part)) attempt.firstTokenMs = elapsedMs(call);
  if (!(watcher.isReading() || output.isCommitted)) return;
  if (part.type === "text" && part.text !== "") {
    output.addText(part.text, link, attempt.firstTokenMs ?? elapsedMs(call));
    watcher.show(part);
  } else if (part.type === "reasoning" && part.text !== "" && mayShowReasoning(attempt)) {
    if (watcher.show({ type: "reasoning", text: part.text })) attempt.shownReasoning += part.text;
  }
  for (const toolCall of toolCalls) {
    // Only events that the reader receives commit the answer.
    if (watcher.show({ type: "tool-call", toolCall })) output.addToolCall(elapsedMs(call));
  }
}

/** In a race, only the leader's reasoning is shown, until another attempt wins. */
function mayShowReasoning({ input: { rival }, ended }: OpenAttempt): boolean {
  return rival.hasWon() || (rival.leads && ended === null);
}

/** Reports that the shown reasoning is not part of the answer. */
export function discardReasoning(attempt: OpenAttempt): void {
  const { shownReasoning, link, input } = attempt;
  if (shownReasoning === "") return;
  const { provider, model } = link;
  input.walk.watcher.show({
    type: "reasoning-discarded",
    discardedText: shownReasoning,
    from: { provider, model },
  });
  attempt.shownReasoning = "";
}
