import type { StreamPart } from "@babylon/llm-core";
import type { ModelWire } from "../model-traits.ts";
import { type AnswerIds, createAnswerIds } from "./answer-ids.ts";
import type { ChoiceContent } from "./choice-content.ts";
import type { Finish } from "./map-finish-reason.ts";
import { addReasoningDetails, type ReasoningDetail } from "./reasoning-details.ts";
import { createThinkSplitter, type ThinkPiece, type ThinkSplitter } from "./split-think.ts";
import { createToolCalls, type ToolCalls } from "./tool-calls.ts";

/** One choice of an answer. */
export interface Choice {
  readonly ids: AnswerIds;
  readonly splitter: ThinkSplitter | null;
  readonly calls: ToolCalls;
  /** The buffered parts of a choice other than 0. */
  readonly parts: StreamPart[];
  readonly reasoningDetails: ReasoningDetail[];
  text: string;
  hasReasoning: boolean;
  /** Anything but reasoning. */
  hasAnswered: boolean;
  hasContent: boolean;
  isRefusal: boolean;
  reason: string | null;
  finish: Finish | null;
}

const toPart = ({ type, text }: ThinkPiece): StreamPart => ({ type, text });

/** Creates an empty choice. */
export const createChoice = (thinkTags: ModelWire["thinkTags"]): Choice => ({
  ids: createAnswerIds(),
  splitter: thinkTags === false ? null : createThinkSplitter(thinkTags === true),
  calls: createToolCalls(),
  parts: [],
  reasoningDetails: [],
  text: "",
  hasReasoning: false,
  hasAnswered: false,
  hasContent: false,
  isRefusal: false,
  reason: null,
  finish: null,
});

/** Content after a finish reason reopens a choice. */
function open(choice: Choice): void {
  choice.hasContent = true;
  choice.reason = null;
  choice.finish = null;
}

/** Adds text. Returns the parts that it completes. */
export function addText(choice: Choice, text: string): readonly StreamPart[] {
  open(choice);
  choice.hasAnswered = true;
  choice.text += text;
  return choice.splitter === null ? [{ type: "text", text }] : choice.splitter.push(text).map(toPart);
}

function release({ splitter }: Choice, out: StreamPart[]): void {
  for (const piece of splitter?.release() ?? []) out.push(toPart(piece));
}

/** Adds content; the parts that it completes are appended to `out`. */
export function addContent(choice: Choice, content: ChoiceContent, out: StreamPart[]): void {
  const { texts, pieces } = content;
  if (texts.reasoning !== "") {
    open(choice);
    choice.hasReasoning = true;
    release(choice, out);
    out.push({ type: "reasoning", text: texts.reasoning });
  }
  addReasoningDetails(choice.reasoningDetails, content.reasoningDetails);
  if (texts.text !== "") for (const part of addText(choice, texts.text)) out.push(part);
  if (texts.refusal !== "") {
    open(choice);
    choice.hasAnswered = true;
    choice.isRefusal = true;
    out.push({ type: "text", text: texts.refusal });
  }
  if (pieces.length === 0) return;
  const calls = choice.calls.take(pieces);
  // A buffered piece reopens the choice as well.
  if (calls.length === 0 && pieces.every(({ inputText }) => inputText === "")) return;
  open(choice);
  choice.hasAnswered = true;
  release(choice, out);
  // Not spread: there may be more calls than a function accepts arguments.
  for (const call of calls) out.push(call);
}

/** The remaining parts of a choice. */
export function endOf({ splitter, calls, reasoningDetails }: Choice): StreamPart[] {
  const parts: StreamPart[] = (splitter?.end() ?? []).map(toPart);
  for (const call of calls.end()) parts.push(call);
  if (reasoningDetails.length > 0) {
    parts.push({ type: "reasoning", text: "", data: { reasoning_details: reasoningDetails } });
  }
  return parts;
}

const NO_DETAILS: ChoiceContent["reasoningDetails"] = [];

/**
 * What a complete message at the end of a stream adds to the pieces before it. Some servers repeat the answer in it, and some send the tool
 * calls only there.
 */
export function withoutRepeated(choice: Choice, content: ChoiceContent): ChoiceContent {
  const { texts, pieces, reasoningDetails, isMessage } = content;
  const text = isRepeated(choice.text, texts.text) ? "" : texts.text;
  const rest = choice.calls.withoutRepeated(pieces);
  const isRepeat = text !== texts.text || rest.length < pieces.length;
  return {
    texts: {
      text,
      reasoning: isRepeat || choice.hasReasoning ? "" : texts.reasoning,
      refusal: isRepeat || choice.isRefusal ? "" : texts.refusal,
    },
    pieces: rest,
    reasoningDetails: isRepeat ? NO_DETAILS : reasoningDetails,
    isMessage,
  };
}

/**
 * Whether a text repeats the streamed one, apart from outer white space. Comparing only texts of a similar length keeps the total time
 * linear.
 */
function isRepeated(streamed: string, text: string): boolean {
  if (streamed.length > text.length * 2 + 64) return false;
  const trimmed = text.trim();
  return trimmed !== "" && trimmed === streamed.trim();
}
