import type { ModelResponse, StreamPart } from "../../contract/model-answer.ts";
import { clearTimer } from "./attempt-limits.ts";
import type { OpenAttempt } from "./attempt-state.ts";

const isContent = ({ type }: StreamPart): boolean => type === "text" || type === "reasoning" || type === "tool-call";

type ResponseIds = Pick<ModelResponse, "responseId" | "responseModel">;

/** Stores in the attempt what a part adds to its record, and returns the part. */
export function notePart(attempt: OpenAttempt, part: StreamPart): StreamPart {
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
export function noteResponseIds(attempt: OpenAttempt, { responseId, responseModel }: ResponseIds): void {
  const { reported } = attempt;
  if (typeof reported.responseId === "string" && typeof reported.responseModel === "string") return;
  attempt.reported = {
    ...reported,
    responseId: reported.responseId ?? responseId,
    responseModel: reported.responseModel ?? responseModel,
  };
}
