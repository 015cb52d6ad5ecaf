import type { StreamPart } from "@babylon/llm-core";
import { isRecord } from "@babylon/llm-core";
import {
  arrayField,
  createTextTemplate,
  type EventMapper,
  failedFinishError,
  fieldOf,
  parseJSON,
  responseError,
  type ServerSentEvent,
  stringField,
  vendorWord,
} from "@babylon/provider-kit";
import { createCallNumbers } from "./call-numbers.ts";
import { fromMessage, toolCallsOf } from "./from-message.ts";
import { fromServed, NOT_SERVED } from "./from-served.ts";
import { fromUsage } from "./from-usage.ts";
import { type Finish, mapFinishReason, readFinish } from "./map-finish-reason.ts";
import { errorInReply, isErrorObject, type ReplySource } from "./reply-source.ts";
import { createThinkSplitter, type ThinkPiece } from "./split-think.ts";

/** Whether an event is the end marker of this family. */
export const isDoneEvent = ({ data }: ServerSentEvent): boolean => data === "[DONE]";

const NONE: readonly StreamPart[] = [];

/** Creates the mapper of one stream. */
export function createEventMapper(source: ReplySource): EventMapper {
  const { response, facts, wire } = source;
  const splitter = wire.thinkTags ? createThinkSplitter() : null;
  const template = createTextTemplate();
  const calls = createCallNumbers();
  let events = 0;
  let done = false;
  let reason: string | null = null;
  let finish: Finish | null = null;
  let refusal = false;
  let served = NOT_SERVED;

  function toolParts(delta: unknown): readonly StreamPart[] {
    return toolCallsOf(delta).map((piece) => {
      const { id, name, inputText } = piece;
      const { number, isNew } = calls.numberOf(piece);
      return {
        type: "tool-call",
        index: number,
        ...(isNew && id !== null ? { id } : {}),
        ...(isNew && name !== null ? { name } : {}),
        inputText,
      };
    });
  }

  /** The first reason counts, unless a later one means that the server gave up. */
  function takeReason(stated: string | null, chunk: unknown): void {
    if (stated === null) return;
    const read = readFinish(stated);
    if (read.type === "failed") throw failedFinishError(read.failure, stated, response, facts, chunk);
    if (reason !== null) return;
    reason = stated;
    finish = read;
  }

  const textParts = (text: string): readonly StreamPart[] =>
    splitter === null ? [{ type: "text", text }] : splitter.push(text).map(toPart);

  function mapChunk(chunk: Record<string, unknown>, data: string): readonly StreamPart[] {
    const told = fromServed(chunk, facts, served);
    if (told !== served) source.report?.(told);
    served = told;
    const usage = fromUsage(chunk);
    const choice = arrayField(chunk, "choices")[0];
    const delta = fieldOf(choice, "delta");
    const said = fromMessage(delta);
    const parts: StreamPart[] = [];
    if (said.reasoning !== "") parts.push({ type: "reasoning", text: said.reasoning });
    if (said.text !== "") parts.push(...textParts(said.text));
    if (said.refusal !== "") {
      refusal = true;
      parts.push({ type: "text", text: said.refusal });
    }
    const tools = delta === undefined ? NONE : toolParts(delta);
    // Not spread: there may be more than a call takes arguments.
    for (const tool of tools) parts.push(tool);
    if (usage !== null) parts.push({ type: "usage", usage });
    takeReason(stringField(choice, "finish_reason"), chunk);
    const isText = said.text !== "" && said.reasoning === "" && said.refusal === "" && tools.length === 0;
    if (isText && usage === null && reason === null) template.learn(data, "content", said.text);
    return parts;
  }

  return {
    isDone: () => done,
    isWhole: () => finish?.type === "whole",
    map(event) {
      const { event: name, data } = event;
      // Types this family does not have, and empty events that only keep the connection open.
      if ((name !== null && name !== "message" && name !== "error") || data.trim() === "") return NONE;
      events += 1;
      const text = name === "error" ? null : template.textOf(data);
      if (text !== null) return textParts(text);
      if (isDoneEvent(event)) {
        done = true;
        return NONE;
      }
      const chunk = parseJSON(data);
      if (name === "error" || isErrorObject(chunk)) {
        throw errorInReply(isErrorObject(chunk) ? chunk : { error: chunk ?? data }, data, source);
      }
      if (!isRecord(chunk)) throw responseError("invalid_response", "sent a malformed event", response, facts, data);
      return mapChunk(chunk, data);
    },
    end() {
      if (events === 0) throw responseError("invalid_response", "answered with no event at all", response, facts);
      const rest = splitter?.end().map(toPart) ?? NONE;
      // A reason that nobody knows, or none where that happens, wants the end marker beside it.
      const markerCounts = reason !== null || wire.doneIsEnough;
      if (finish?.type !== "whole" && !(done && markerCounts)) return rest;
      const finishReason = mapFinishReason(reason, { toolCalls: calls.count() > 0, refusal });
      const rawFinishReason = vendorWord(reason, facts);
      const { responseId, responseModel } = served;
      return [...rest, { type: "finish", finishReason, rawFinishReason, responseId, responseModel }];
    },
  };
}

const toPart = ({ type, text }: ThinkPiece): StreamPart => ({ type, text });
