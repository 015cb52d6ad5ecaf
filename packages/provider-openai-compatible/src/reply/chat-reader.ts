import type { StreamPart, Usage } from "@babylon/llm-core";
import {
  arrayField,
  failedFinishError,
  indexField,
  responseError,
  stringField,
  vendorWord,
} from "@babylon/provider-kit";
import { addContent, addText, type Choice, createChoice, endOf, withoutRepeated } from "./choice.ts";
import { hasMessage, hasRole, isEmptyContent, readChoice } from "./choice-content.ts";
import { fromServed, NOT_SERVED } from "./from-served.ts";
import { fromUsage, raiseUsage } from "./from-usage.ts";
import { mapFinishReason, readFinish, statedReason } from "./map-finish-reason.ts";
import { errorInReply, errorOnChoice, type ReplySource } from "./reply-source.ts";

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
  /** A second answer began after this one was whole: the stream need not be read further. */
  isOver(): boolean;
  /** A finish reason was received and no content after it: the answer is whole, even if the connection breaks. */
  isWhole(): boolean;
  /**
   * The buffered parts, and a finish part if the answer is whole.
   *
   * @param isMarked - the end marker of a stream, or the end of a response, was received
   */
  end(isMarked: boolean): readonly StreamPart[];
}

/** Maximum number of choices of an answer: the largest `n` of OpenAI. */
const MAX_CHOICES = 128;

const NONE: readonly StreamPart[] = [];

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
  let hasAnyMessage = false;
  /** A second answer began after the first one was whole: the rest of the stream is ignored. */
  let isOver = false;
  let plain: string | null = null;

  function choiceAt(index: number): Choice {
    const known = choices.get(index);
    if (known !== undefined) return known;
    if (choices.size >= MAX_CHOICES) throw failed("sent too many choices");
    const choice = createChoice(wire.thinkTags);
    choices.set(index, choice);
    return choice;
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

  /** The error of an answer that cannot be read. Its usage is reported. */
  function failed(what: string): Error {
    if (usage !== null) source.report?.({ usage });
    return responseError("invalid_response", what, response, facts);
  }

  const isOther = (choice: Choice, id: string | null, begins: boolean, hasContent: boolean): boolean =>
    choice.ids.isOther(id, {
      hasBegun: choice.hasContent,
      isFinished: choice.reason !== null,
      hasRole: begins,
      hasContent,
    });

  function takeChoice(value: unknown, position: number, reply: Record<string, unknown>, parts: StreamPart[]): void {
    const id = stringField(reply, "id");
    const index = indexField(value) ?? position;
    const choice = choiceAt(index);
    const isSeparate = index !== 0 && multipleAnswers;
    const error = errorOnChoice(value);
    if (error !== null && !isSeparate) {
      if (usage !== null) source.report?.({ usage });
      throw errorInReply({ error }, "", source);
    }
    hasAnyMessage ||= hasMessage(value);
    const reason = statedReason(value);
    const received = readChoice(value);
    const content = reason !== null && received.isMessage ? withoutRepeated(choice, received) : received;
    const isEmpty = isEmptyContent(content);
    // A chunk that only ends the answer does not begin another one.
    const begins = hasRole(value) && !(isEmpty && reason !== null);
    if (!isSeparate && (begins || !isEmpty || reason !== null) && isOther(choice, id, begins, !isEmpty)) {
      if (!begins || !isWhole()) throw failed("sent a second answer into the first one");
      isOver = true;
      return;
    }
    addContent(choice, content, index === 0 ? parts : choice.parts);
    if (reason !== null && !(isSeparate && readFinish(reason).type === "failed")) takeReason(choice, reason, reply);
  }

  function take(reply: Record<string, unknown>): readonly StreamPart[] {
    if (isOver) return NONE;
    const reported = fromServed(reply, facts, served);
    if (reported !== served) source.report?.(reported);
    served = reported;
    const counts = fromUsage(reply);
    if (counts !== null) usage = raiseUsage(usage, counts);
    const parts: StreamPart[] = [];
    const listed = arrayField(reply, "choices");
    for (const [position, choice] of listed.entries()) {
      if (choice !== null && !isOver) takeChoice(choice, position, reply, parts);
    }
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

  const isWhole = (): boolean => isSettled() && [...choices.values()].some(({ hasAnswered }) => hasAnswered);

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
      const choice = choiceAt(0);
      choice.ids.repeat();
      return addText(choice, text);
    },
    plainText: () => plain,
    hasMessage: () => hasAnyMessage,
    isOver: () => isOver,
    isWhole,
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
