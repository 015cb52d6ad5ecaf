import type { StreamPart, Usage } from "@babylon/llm-core";
import {
  arrayField,
  failedFinishError,
  fieldOf,
  numberField,
  responseError,
  stringField,
  vendorWord,
} from "@babylon/provider-kit";
import { fromMessage, type MessageText, reasoningDetailsOf, type ToolCallPiece, toolCallsOf } from "./from-message.ts";
import { fromServed, NOT_SERVED } from "./from-served.ts";
import { fromUsage, raiseUsage } from "./from-usage.ts";
import { type Finish, mapFinishReason, readFinish, statedReason } from "./map-finish-reason.ts";
import { addReasoningDetails, type ReasoningDetail } from "./reasoning-details.ts";
import { errorInReply, errorOnChoice, type ReplySource } from "./reply-source.ts";
import { createThinkSplitter, type ThinkPiece, type ThinkSplitter } from "./split-think.ts";
import { createToolCalls, type ToolCalls } from "./tool-calls.ts";

/** Reads one answer of `/chat/completions`: a response, or the chunks of a stream. */
export interface ChatReader {
  /** The parts of a response or a chunk. Throws for an error on a choice and for a finish reason that reports a failure. */
  take(reply: Record<string, unknown>): readonly StreamPart[];
  /** The parts of a chunk that equals the previous one except for its text. */
  takeText(text: string): readonly StreamPart[];
  /** The text of the last chunk if it has no other content and no choice has finished; else `null`. */
  plainText(): string | null;
  /** Whether any choice has had a message, even an empty one. */
  hasMessage(): boolean;
  /** A finish reason was received and no content after it: the answer is whole, even if the connection breaks. */
  isWhole(): boolean;
  /**
   * The buffered parts, and a finish part if the answer is whole.
   *
   * @param isMarked - the end marker of a stream, or the end of a response, was received
   */
  end(isMarked: boolean): readonly StreamPart[];
}

/** One choice of the answer. */
interface Choice {
  readonly splitter: ThinkSplitter | null;
  readonly calls: ToolCalls;
  /** The buffered parts of a choice other than 0. */
  readonly parts: StreamPart[];
  readonly reasoningDetails: ReasoningDetail[];
  text: string;
  /** Anything but reasoning. */
  hasAnswered: boolean;
  hasContent: boolean;
  isRefusal: boolean;
  reason: string | null;
  finish: Finish | null;
}

/** Maximum number of choices of an answer: the largest `n` of OpenAI. */
const MAX_CHOICES = 128;

const NO_PIECES: readonly ToolCallPiece[] = [];

const toPart = ({ type, text }: ThinkPiece): StreamPart => ({ type, text });

/** The content of a choice: a `delta`, a `message`, or the `text` of the older completions. */
interface ChoiceContent {
  readonly value: unknown;
  readonly texts: MessageText;
  readonly pieces: readonly ToolCallPiece[];
}

const isEmptyContent = ({ texts, pieces }: ChoiceContent): boolean =>
  texts.text === "" && texts.reasoning === "" && texts.refusal === "" && pieces.length === 0;

const contentOf = (value: unknown): ChoiceContent => ({
  value,
  texts: fromMessage(value),
  pieces: value === undefined ? NO_PIECES : toolCallsOf(value),
});

function readChoice(choice: unknown): ChoiceContent {
  const delta = contentOf(fieldOf(choice, "delta"));
  if (!isEmptyContent(delta)) return delta;
  const message = contentOf(fieldOf(choice, "message"));
  if (!isEmptyContent(message)) return message;
  const text = stringField(choice, "text");
  return text === null ? delta : { ...delta, texts: { ...delta.texts, text } };
}

const hasMember = (choice: unknown): boolean =>
  [fieldOf(choice, "delta"), fieldOf(choice, "message"), fieldOf(choice, "text")].some(
    (member) => member !== undefined && member !== null,
  );

/**
 * Whether a text repeats the streamed one, apart from outer white space. Comparing only texts of a similar length keeps the total time
 * linear.
 */
function isRepeated(streamed: string, text: string): boolean {
  if (streamed.length > text.length * 2 + 64) return false;
  const trimmed = text.trim();
  return trimmed !== "" && trimmed === streamed.trim();
}

/**
 * Creates the reader of one answer, which is choice 0. Unless the request asked for several, further choices are pieces of it: their tool
 * calls are added (GitHub Copilot splits text and calls), and their text if choice 0 has none.
 *
 * The last finish reason counts: content after a finish reason reopens its choice.
 */
export function createChatReader(source: ReplySource): ChatReader {
  const { response, facts, wire, multipleAnswers = false } = source;
  const choices = new Map<number, Choice>();
  let served = NOT_SERVED;
  let usage: Usage | null = null;
  let hasMessage = false;
  let plain: string | null = null;

  function choiceAt(index: number): Choice {
    const known = choices.get(index);
    if (known !== undefined) return known;
    if (choices.size >= MAX_CHOICES) {
      if (usage !== null) source.report?.({ usage });
      throw responseError("invalid_response", "sent too many choices", response, facts);
    }
    const choice: Choice = {
      splitter: wire.thinkTags === false ? null : createThinkSplitter(wire.thinkTags === true),
      calls: createToolCalls(),
      parts: [],
      reasoningDetails: [],
      text: "",
      hasAnswered: false,
      hasContent: false,
      isRefusal: false,
      reason: null,
      finish: null,
    };
    choices.set(index, choice);
    return choice;
  }

  function open(choice: Choice): void {
    choice.hasContent = true;
    choice.reason = null;
    choice.finish = null;
  }

  function addText(choice: Choice, text: string, out: StreamPart[]): void {
    open(choice);
    choice.hasAnswered = true;
    choice.text += text;
    if (choice.splitter === null) out.push({ type: "text", text });
    else for (const piece of choice.splitter.push(text)) out.push(toPart(piece));
  }

  function release({ splitter }: Choice, out: StreamPart[]): void {
    for (const piece of splitter?.release() ?? []) out.push(toPart(piece));
  }

  function addContent(choice: Choice, { value, texts, pieces }: ChoiceContent, out: StreamPart[]): void {
    if (texts.reasoning !== "") {
      open(choice);
      release(choice, out);
      out.push({ type: "reasoning", text: texts.reasoning });
    }
    addReasoningDetails(choice.reasoningDetails, reasoningDetailsOf(value));
    if (texts.text !== "") addText(choice, texts.text, out);
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

  function takeReason(choice: Choice, stated: string, reply: unknown): void {
    const finish = readFinish(stated);
    if (finish.type === "failed") {
      if (usage !== null) source.report?.({ usage });
      throw failedFinishError(finish.failure, stated, response, facts, reply);
    }
    choice.reason = stated;
    choice.finish = finish;
  }

  function takeChoice(value: unknown, position: number, reply: unknown, parts: StreamPart[]): void {
    const stated = numberField(value, "index");
    const index = stated !== null && Number.isInteger(stated) && stated >= 0 ? stated : position;
    const choice = choiceAt(index);
    const isSeparate = index !== 0 && multipleAnswers;
    const error = errorOnChoice(value);
    if (error !== null && !isSeparate) {
      if (usage !== null) source.report?.({ usage });
      throw errorInReply({ error }, "", source);
    }
    hasMessage ||= hasMember(value);
    const reason = statedReason(value);
    const content = readChoice(value);
    // Some servers end a stream with the complete message, whose pieces were sent before.
    const isMessage = content.value !== fieldOf(value, "delta");
    const isRepeat = reason !== null && isMessage && isRepeated(choice.text, content.texts.text);
    if (!isRepeat) addContent(choice, content, index === 0 ? parts : choice.parts);
    if (reason !== null && !(isSeparate && readFinish(reason).type === "failed")) takeReason(choice, reason, reply);
  }

  function take(reply: Record<string, unknown>): readonly StreamPart[] {
    const reported = fromServed(reply, facts, served);
    if (reported !== served) source.report?.(reported);
    served = reported;
    const counts = fromUsage(reply);
    if (counts !== null) usage = raiseUsage(usage, counts);
    const parts: StreamPart[] = [];
    const listed = arrayField(reply, "choices");
    for (const [position, choice] of listed.entries()) if (choice !== null) takeChoice(choice, position, reply, parts);
    const [part] = parts;
    const isPlain = part?.type === "text" && parts.length === 1 && counts === null && choices.size === 1;
    plain = isPlain && choices.get(0)?.reason === null ? part.text : null;
    if (counts !== null && usage !== null) parts.push({ type: "usage", usage });
    return parts;
  }

  const others = (): readonly Choice[] =>
    [...choices.entries()]
      .filter(([index]) => index !== 0)
      .sort(([a], [b]) => a - b)
      .map(([, choice]) => choice);

  /** The choice that is the answer, and the choices that are pieces of it. */
  function answer(): { readonly main: Choice | undefined; readonly pieces: readonly Choice[] } {
    const [first, ...rest] = others();
    const zero = choices.get(0);
    const main = zero ?? first;
    return { main, pieces: multipleAnswers ? [] : zero === undefined ? rest : others() };
  }

  /** Whether nothing but the end marker is missing. */
  function isSettled(): boolean {
    // Decides for each token without collecting the choices: while choice 0 has not finished, the answer has not.
    const zero = choices.get(0);
    if (zero !== undefined && zero.finish === null) return false;
    const { main, pieces } = answer();
    if (main?.finish?.type !== "whole" || pieces.some(({ hasContent, finish }) => hasContent && finish === null))
      return false;
    return main.finish.reason !== "tool-calls" || [main, ...pieces].some(({ calls }) => calls.count() > 0);
  }

  /** The remaining parts of a choice. */
  function endOf({ splitter, calls, reasoningDetails }: Choice): StreamPart[] {
    const parts: StreamPart[] = (splitter?.end() ?? []).map(toPart);
    for (const call of calls.end()) parts.push(call);
    if (reasoningDetails.length > 0) {
      parts.push({ type: "reasoning", text: "", data: { reasoning_details: reasoningDetails } });
    }
    return parts;
  }

  function rest(main: Choice, pieces: readonly Choice[]): StreamPart[] {
    const parts = main === choices.get(0) ? endOf(main) : [...main.parts, ...endOf(main)];
    let calls = main.calls.count();
    let hasText = main.text !== "";
    for (const piece of pieces) {
      for (const part of [...piece.parts, ...endOf(piece)]) {
        if (part.type === "tool-call") parts.push({ ...part, index: part.index + calls });
        else if (!hasText) parts.push(part);
      }
      calls += piece.calls.count();
      hasText ||= piece.text !== "";
    }
    return parts;
  }

  return {
    take,
    takeText(text) {
      const parts: StreamPart[] = [];
      addText(choiceAt(0), text, parts);
      return parts;
    },
    plainText: () => plain,
    hasMessage: () => hasMessage,
    isWhole: () => isSettled() && [...choices.values()].some(({ hasAnswered }) => hasAnswered),
    end(isMarked) {
      const { main = choiceAt(0), pieces } = answer();
      const parts = rest(main, pieces);
      const ended = isMarked ? [main, ...pieces].find(({ reason }) => reason !== null) : main;
      const reason = ended?.reason ?? null;
      // An unknown reason, or with `doneIsEnough` a missing one, counts only together with the end marker.
      const isWhole = isMarked ? reason !== null || wire.doneIsEnough : isSettled();
      if (!isWhole) return parts;
      const toolCalls = [main, ...pieces].some(({ calls }) => calls.count() > 0);
      return [
        ...parts,
        {
          type: "finish",
          finishReason: mapFinishReason(reason, { toolCalls, refusal: main.isRefusal }),
          rawFinishReason: vendorWord(reason, facts),
          responseId: served.responseId,
          responseModel: served.responseModel,
        },
      ];
    },
  };
}
