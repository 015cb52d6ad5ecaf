import { type FinishReason, isRecord, type StreamPart, toParts } from "@babylon/llm-core";
import {
  createTextTemplate,
  type EventMapper,
  failedFinishError,
  fieldOf,
  indexField,
  parseJSON,
  responseError,
  type ServerSentEvent,
  stringField,
  vendorWord,
} from "@babylon/provider-kit";
import { createBlockMapper } from "./from-block.ts";
import { fromMessage } from "./from-message.ts";
import { fromServed, type ServingFacts } from "./from-served.ts";
import { fromUsage, NO_COUNTS, readUsage, type UsageCounts } from "./from-usage.ts";
import { failureOf, finishReasonOf, isPause, mapFinishReason, stopReasonOf } from "./map-finish-reason.ts";
import { errorInReply, isErrorBody, type ReplySource, refusalError } from "./reply-source.ts";

/** Whether an event is an end marker: `message_stop`, or the `[DONE]` of OpenAI's wire, which gateways append. */
export const isStopEvent = ({ event, data }: ServerSentEvent): boolean =>
  event === "message_stop" || (isNameless(event) && (data.includes('"message_stop"') || isDoneMark(data)));

const isDoneMark = (data: string): boolean => data.trim() === "[DONE]";

/** Gateways may omit event names; the data contains the type as well. */
const isNameless = (event: string | null): boolean => event === null || event === "message";

const NOT_STARTED = { responseId: null, responseModel: null };

const NOTHING: readonly StreamPart[] = Object.freeze([]);

/** The events that are read (Messages API, streaming, 2026-11). Any others are skipped, as Anthropic asks. */
const KNOWN = new Set([
  "message_start",
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
  "error",
]);

/**
 * Creates the mapper of one stream. The last stop reason counts; content after it reopens the answer. Once the answer is whole, an error or
 * an unreadable event ends the stream without failing it.
 */
export function createEventMapper(source: ReplySource): EventMapper {
  const { response, facts } = source;
  const blocks = createBlockMapper(source);
  const template = createTextTemplate();
  let counts: UsageCounts = NO_COUNTS;
  let stopReason: string | null = null;
  /** `null`: there is no reason yet, or it is unknown. */
  let finishReason: FinishReason | null = null;
  let stopDetails: unknown;
  let served: Pick<ServingFacts, "responseId" | "responseModel"> = NOT_STARTED;
  let events = 0;
  let lastIndex = -1;
  let hasParts = false;
  /** The end marker has come. */
  let isMarked = false;
  /** The rest of the stream is ignored. */
  let isOver = false;
  /** The answer came as one event. */
  let hasFinish = false;

  function map(event: ServerSentEvent): readonly StreamPart[] {
    events += 1;
    // An event without data only keeps the connection open.
    if (isOver || event.data.trim() === "") return NOTHING;
    if (finishReason === null) return read(event);
    try {
      return read(event);
    } catch (thrown) {
      // The event itself may have contradicted the reason.
      if (finishReason === null) throw thrown;
      isOver = true;
      return NOTHING;
    }
  }

  function read({ event, data }: ServerSentEvent): readonly StreamPart[] {
    const text = event === "error" ? null : template.textOf(data);
    if (text !== null) return content([{ type: "text", text }]);
    const payload = parseJSON(data);
    if (!isRecord(payload)) return readOther(event, data);
    const named = stringField(payload, "type");
    const type = event === "error" ? event : (named ?? event);
    if (type !== null && KNOWN.has(type)) return readKnown(type, payload, data);
    if (type === "message" && Array.isArray(payload.content)) return readWhole(payload);
    if (isNameless(event) && isErrorBody(payload)) throw errorInReply(payload, data, source);
    return NOTHING;
  }

  /** Events without a JSON object: plain-text errors of proxies, `[DONE]`, heartbeats. */
  function readOther(event: string | null, data: string): readonly StreamPart[] {
    if (event === "error") throw errorInReply(undefined, data, source);
    if (isNameless(event) && isDoneMark(data)) return mark();
    if (event !== null && KNOWN.has(event)) throw malformed("an event that is not JSON", data);
    if (isNameless(event) && /^\s*[{[]/.test(data) && parseJSON(data) === undefined) {
      throw malformed("an event that is not JSON", data);
    }
    return NOTHING;
  }

  function readKnown(type: string, payload: Record<string, unknown>, data: string): readonly StreamPart[] {
    if (type !== "error" && isErrorBody(payload)) throw errorInReply(payload, data, source);
    switch (type) {
      case "message_start":
        return startMessage(payload.message, data);
      case "content_block_start":
        lastIndex = indexField(payload) ?? lastIndex + 1;
        return content(blocks.start(lastIndex, payload.content_block));
      case "content_block_delta":
        return continueBlock(payload, data);
      case "content_block_stop":
        return blocks.stop(indexField(payload) ?? lastIndex);
      case "message_delta":
        return continueMessage(payload);
      case "message_stop":
        return mark();
      default:
        throw errorInReply(payload, data, source);
    }
  }

  /** Content reopens an answer that had a stop reason. */
  function content(parts: readonly StreamPart[]): readonly StreamPart[] {
    if (parts.length === 0) return parts;
    hasParts = true;
    stopReason = null;
    finishReason = null;
    return parts;
  }

  function continueBlock(payload: Record<string, unknown>, data: string): readonly StreamPart[] {
    const parts = content(blocks.continue(indexField(payload) ?? lastIndex, payload.delta, data));
    const [part] = parts;
    if (part?.type === "text") template.learn(data, "text", part.text);
    return parts;
  }

  function startMessage(message: unknown, data: string): readonly StreamPart[] {
    const next = fromServed(message, facts);
    // Two answers are never joined. With the same id, the event was sent twice.
    const isRepeated = next.responseId !== null && next.responseId === served.responseId;
    if (hasParts && !isRepeated) throw malformed("a second message into its answer", data);
    served = next;
    source.report?.(next);
    // The output counts of the start are placeholders: unknown until the first `message_delta`.
    counts = { ...readUsage(fieldOf(message, "usage"), counts), output: counts.output, thinking: counts.thinking };
    return usageParts(fieldOf(message, "usage"));
  }

  function continueMessage(payload: Record<string, unknown>): readonly StreamPart[] {
    const stated = stopReasonOf(payload.delta) ?? stopReasonOf(payload);
    counts = readUsage(payload.usage, counts);
    if (stated !== null) takeReason(stated, payload);
    isOver = isMarked && stopReason !== null;
    stopDetails = fieldOf(payload.delta, "stop_details") ?? stopDetails;
    return usageParts(payload.usage);
  }

  function takeReason(stated: string, payload: unknown): void {
    stopReason = stated;
    finishReason = mapFinishReason(stated);
    const failure = failureOf(stated);
    if (failure !== null) throw failedFinishError(failure, stated, response, facts, payload);
  }

  function readWhole(payload: unknown): readonly StreamPart[] {
    const parts = toParts(fromMessage(payload, source));
    hasFinish = true;
    isOver = true;
    return parts;
  }

  /** Without a stop reason the stream is read on: the reason may follow the end marker. */
  function mark(): readonly StreamPart[] {
    isMarked = true;
    isOver = stopReason !== null;
    return NOTHING;
  }

  const usageParts = (usage: unknown): readonly StreamPart[] =>
    isRecord(usage) ? [{ type: "usage", usage: fromUsage(counts) }] : NOTHING;

  function finish(): readonly StreamPart[] {
    if (stopReason === "refusal" && !blocks.hasAnswered()) throw refusalError(stopDetails, source);
    return [
      ...blocks.stopAll(),
      {
        type: "finish",
        finishReason: finishReasonOf(stopReason, blocks.hasCalled()),
        rawFinishReason: vendorWord(stopReason, facts),
        responseId: served.responseId,
        responseModel: served.responseModel,
        ...(isPause(stopReason) ? { mayBeEmpty: true } : {}),
      },
    ];
  }

  function malformed(what: string, data: string): Error {
    return responseError("invalid_response", `sent ${what}`, response, facts, data);
  }

  return {
    map,
    isDone: () => isOver,
    isWhole: () => finishReason !== null || isOver,
    end() {
      if (events === 0) throw responseError("invalid_response", "answered without any event", response, facts);
      if (hasFinish) return NOTHING;
      // An unknown reason counts only together with the end marker.
      return finishReason !== null || (stopReason !== null && isMarked) ? finish() : NOTHING;
    },
  };
}
