import { type FinishReason, isRecord, type StreamPart } from "@babylon/llm-core";
import {
  createTextTemplate,
  type EventMapper,
  failedFinishError,
  fieldOf,
  numberField,
  parseJSON,
  responseError,
  type ServerSentEvent,
  stringField,
  vendorWord,
} from "@babylon/provider-kit";
import { createBlockMapper } from "./from-block.ts";
import { fromServed, type Served } from "./from-served.ts";
import { fromUsage, NO_COUNTS, readUsage, type UsageCounts } from "./from-usage.ts";
import { failureOf, mapFinishReason } from "./map-finish-reason.ts";
import { errorInReply, type ReplySource, refusalError } from "./reply-source.ts";

/** Whether an event is Anthropic's end marker. */
export const isStopEvent = ({ event, data }: ServerSentEvent): boolean =>
  event === "message_stop" || (isNameless(event) && data.includes('"message_stop"'));

/** Gateways may leave the names out; the type stands in the data as well. */
const isNameless = (event: string | null): boolean => event === null || event === "message";

const NOT_STARTED = { responseId: null, responseModel: null };

const NOTHING: readonly StreamPart[] = Object.freeze([]);

/** The events that are read (Messages API, streaming, 2026-11). Any others are skipped unseen, as Anthropic asks. */
const KNOWN = new Set([
  "message_start",
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
  "error",
]);

/** Creates the mapper of one stream. */
export function createEventMapper(source: ReplySource): EventMapper {
  const blocks = createBlockMapper(source);
  const template = createTextTemplate();
  let counts: UsageCounts = NO_COUNTS;
  let stopReason: string | null = null;
  /** `null`: there is no reason yet, or nobody knows it. */
  let finishReason: FinishReason | null = null;
  let stopDetails: unknown;
  let served: Pick<Served, "responseId" | "responseModel"> = NOT_STARTED;
  let events = 0;
  let done = false;

  function map({ event, data }: ServerSentEvent): readonly StreamPart[] {
    events += 1;
    const known = isNameless(event) || (event !== null && KNOWN.has(event));
    // An event without data only keeps the connection open.
    if (!known || data.trim() === "") return NOTHING;
    const text = event === "error" ? null : template.textOf(data);
    if (text !== null) return [{ type: "text", text }];
    const payload = parseJSON(data);
    if (!isRecord(payload)) throw malformed("an event that is no JSON", data);
    switch (event === "error" ? event : (stringField(payload, "type") ?? event)) {
      case "message_start":
        return startMessage(payload.message);
      case "content_block_start":
        return blocks.start(blockIndex(payload, data), payload.content_block);
      case "content_block_delta":
        return continueBlock(payload, data);
      case "content_block_stop":
        return blocks.stop(blockIndex(payload, data));
      case "message_delta":
        return continueMessage(payload);
      case "message_stop":
        done = true;
        return NOTHING;
      case "error":
        throw errorInReply(payload, data, source);
      default:
        return NOTHING;
    }
  }

  function continueBlock(payload: Record<string, unknown>, data: string): readonly StreamPart[] {
    const parts = blocks.continue(blockIndex(payload, data), payload.delta, data);
    const [part] = parts;
    if (part?.type === "text") template.learn(data, "text", part.text);
    return parts;
  }

  function startMessage(message: unknown): readonly StreamPart[] {
    const told = fromServed(message, source.facts);
    served = told;
    source.report?.(told);
    // The output counts of the start are placeholders: unknown until the first `message_delta`.
    counts = { ...readUsage(fieldOf(message, "usage")), output: null, thinking: null };
    return usageParts(fieldOf(message, "usage"));
  }

  function continueMessage(payload: Record<string, unknown>): readonly StreamPart[] {
    const stated = stringField(payload.delta, "stop_reason");
    if (stated !== null) takeReason(stated, payload);
    stopDetails = fieldOf(payload.delta, "stop_details") ?? stopDetails;
    counts = readUsage(payload.usage, counts);
    return usageParts(payload.usage);
  }

  function takeReason(stated: string, payload: unknown): void {
    const failure = failureOf(stated);
    if (failure !== null) throw failedFinishError(failure, stated, source.response, source.facts, payload);
    stopReason = stated;
    finishReason = mapFinishReason(stated);
  }

  const usageParts = (told: unknown): readonly StreamPart[] =>
    isRecord(told) ? [{ type: "usage", usage: fromUsage(counts) }] : NOTHING;

  function finish(): readonly StreamPart[] {
    if (stopReason === "refusal" && !blocks.hasAnswered()) throw refusalError(stopDetails, source);
    return [
      {
        type: "finish",
        finishReason: finishReason ?? "other",
        rawFinishReason: vendorWord(stopReason, source.facts),
        responseId: served.responseId,
        responseModel: served.responseModel,
      },
    ];
  }

  function malformed(what: string, data: string): Error {
    return responseError("invalid_response", `sent ${what}`, source.response, source.facts, data);
  }

  function blockIndex(payload: Record<string, unknown>, data: string): number {
    const index = numberField(payload, "index");
    if (index === null) throw malformed("a block without its index", data);
    return index;
  }

  return {
    map,
    isDone: () => done,
    isWhole: () => finishReason !== null,
    end() {
      if (events === 0) {
        throw responseError("invalid_response", "answered with no event at all", source.response, source.facts);
      }
      // A reason that nobody knows wants the end marker beside it.
      return finishReason !== null || (stopReason !== null && done) ? finish() : NOTHING;
    },
  };
}
