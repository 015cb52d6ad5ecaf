import { isRecord, type JsonObject, type StreamPart } from "@babylon/llm-core";
import {
  fieldOf,
  numberField,
  parseJSON,
  responseError,
  type ServerSentEvent,
  stringField,
} from "@babylon/provider-kit";
import { fromUsage, NO_COUNTS, readUsage, type UsageCounts } from "./from-usage.ts";
import { mapFinishReason } from "./map-finish-reason.ts";
import { errorInReply, type ReplySource, refusalError } from "./reply-source.ts";

/** Turns the events of one stream into parts. */
export interface EventMapper {
  /**
   * The parts of the next event; none for `ping` and unknown events.
   *
   * @throws LLMError `invalid_response` for an event that is malformed, `content_filter` for a refusal without text and tool calls,
   *   and what an `error` event means
   */
  map(event: ServerSentEvent): readonly StreamPart[];
  /** `message_stop` has come: nothing follows. */
  readonly done: boolean;
  /** A stop reason has come: the answer is whole, whatever happens to the connection. */
  readonly whole: boolean;
  /**
   * The parts of the end of a stream without `message_stop`: a finish part if the answer is whole.
   *
   * @throws LLMError `invalid_response` when there was no event at all, `content_filter` like `map`
   */
  end(): readonly StreamPart[];
}

/** Whether an event is Anthropic's end marker. */
export const isStopEvent = ({ event, data }: ServerSentEvent): boolean =>
  event === "message_stop" || (event === null && data.includes('"message_stop"'));

/** A block of the answer that is not over. */
type Block =
  | { readonly type: "thinking"; hasText: boolean; signature: string | null }
  | { readonly type: "tool"; readonly index: number; readonly input: unknown; hasInput: boolean }
  | { readonly type: "other" };

const OTHER: Block = { type: "other" };
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
  const blocks = new Map<number, Block>();
  let counts: UsageCounts = NO_COUNTS;
  let toolCalls = 0;
  let answered = false;
  let stopReason: string | null = null;
  let stopDetails: unknown;
  let responseId: string | null = null;
  let responseModel: string | null = null;
  let events = 0;
  let done = false;

  function map({ event, data }: ServerSentEvent): readonly StreamPart[] {
    events += 1;
    if (event !== null && !KNOWN.has(event)) return NOTHING;
    const payload = parseJSON(data);
    if (!isRecord(payload)) throw malformed("an event that is no JSON", data);
    switch (stringField(payload, "type") ?? event) {
      case "message_start":
        return startMessage(payload.message);
      case "content_block_start":
        return startBlock(blockIndex(payload, data), payload.content_block);
      case "content_block_delta":
        return continueBlock(blockIndex(payload, data), payload.delta, data);
      case "content_block_stop":
        return stopBlock(blockIndex(payload, data));
      case "message_delta":
        return continueMessage(payload);
      case "message_stop":
        done = true;
        return finish();
      case "error":
        throw errorInReply(payload, data, source);
      default:
        return NOTHING;
    }
  }

  function startMessage(message: unknown): readonly StreamPart[] {
    responseId = stringField(message, "id");
    responseModel = stringField(message, "model");
    // The output counts of the start are placeholders: unknown until the first `message_delta`.
    counts = { ...readUsage(fieldOf(message, "usage")), output: null, thinking: null };
    return usageParts(fieldOf(message, "usage"));
  }

  function continueMessage(payload: Record<string, unknown>): readonly StreamPart[] {
    stopReason = stringField(payload.delta, "stop_reason") ?? stopReason;
    stopDetails = fieldOf(payload.delta, "stop_details") ?? stopDetails;
    counts = readUsage(payload.usage, counts);
    return usageParts(payload.usage);
  }

  const usageParts = (told: unknown): readonly StreamPart[] =>
    isRecord(told) ? [{ type: "usage", usage: fromUsage(counts) }] : NOTHING;

  function startBlock(index: number, block: unknown): readonly StreamPart[] {
    switch (fieldOf(block, "type")) {
      case "text":
        blocks.set(index, OTHER);
        return textParts(stringField(block, "text"));
      case "thinking": {
        // Starts empty, and stays so where the model keeps its reasoning to itself.
        const text = stringField(block, "thinking");
        blocks.set(index, { type: "thinking", hasText: text !== null, signature: stringField(block, "signature") });
        return reasoningParts(text);
      }
      case "redacted_thinking":
        blocks.set(index, OTHER);
        return [reasoningEnd({ redacted: stringField(block, "data") ?? "" })];
      case "tool_use": {
        const call = toolCalls++;
        answered = true;
        blocks.set(index, { type: "tool", index: call, input: fieldOf(block, "input"), hasInput: false });
        const id = stringField(block, "id") ?? "";
        const name = stringField(block, "name") ?? "";
        return [{ type: "tool-call", index: call, id, name, inputText: "" }];
      }
      default:
        // A block of a server-side tool, or of a kind to come: its deltas are not ours.
        blocks.set(index, OTHER);
        return NOTHING;
    }
  }

  function continueBlock(index: number, delta: unknown, data: string): readonly StreamPart[] {
    const block = blocks.get(index);
    switch (fieldOf(delta, "type")) {
      case "text_delta":
        return textParts(textOf(delta, "text", data));
      case "thinking_delta": {
        const text = textOf(delta, "thinking", data);
        if (block?.type === "thinking" && text !== "") block.hasText = true;
        return reasoningParts(text);
      }
      case "signature_delta":
        if (block?.type === "thinking") block.signature = (block.signature ?? "") + textOf(delta, "signature", data);
        return NOTHING;
      case "input_json_delta": {
        const inputText = textOf(delta, "partial_json", data);
        if (block === undefined) throw malformed("tool input for a call that never began", data);
        if (block.type !== "tool" || inputText === "") return NOTHING;
        block.hasInput = true;
        return [{ type: "tool-call", index: block.index, inputText }];
      }
      default:
        return NOTHING;
    }
  }

  function stopBlock(index: number): readonly StreamPart[] {
    const block = blocks.get(index);
    blocks.delete(index);
    if (block?.type === "thinking" && (block.hasText || block.signature !== null)) {
      return [reasoningEnd(block.signature === null ? {} : { signature: block.signature })];
    }
    // No input at all means the empty object; a gateway may have put all of it into the start.
    if (block?.type === "tool" && !block.hasInput) {
      return [{ type: "tool-call", index: block.index, inputText: JSON.stringify(block.input ?? {}) }];
    }
    return NOTHING;
  }

  function textParts(text: string | null): readonly StreamPart[] {
    if (text === null || text === "") return NOTHING;
    answered = true;
    return [{ type: "text", text }];
  }

  function finish(): readonly StreamPart[] {
    if (stopReason === "refusal" && !answered) throw refusalError(stopDetails, source);
    const finishReason = mapFinishReason(stopReason);
    return [{ type: "finish", finishReason, rawFinishReason: stopReason, responseId, responseModel }];
  }

  function malformed(what: string, data: string): Error {
    return responseError("invalid_response", `sent ${what}`, source.response, source.facts, data);
  }

  function blockIndex(payload: Record<string, unknown>, data: string): number {
    const index = numberField(payload, "index");
    if (index === null) throw malformed("a block without its index", data);
    return index;
  }

  function textOf(delta: unknown, name: string, data: string): string {
    const text = fieldOf(delta, name);
    if (typeof text !== "string") throw malformed("a delta without its text", data);
    return text;
  }

  return {
    map,
    get done() {
      return done;
    },
    get whole() {
      return stopReason !== null;
    },
    end() {
      if (events === 0) {
        throw responseError("invalid_response", "answered with no event at all", source.response, source.facts);
      }
      return stopReason === null ? NOTHING : finish();
    },
  };
}

const reasoningParts = (text: string | null): readonly StreamPart[] =>
  text === null || text === "" ? NOTHING : [{ type: "reasoning", text }];

const reasoningEnd = (data: JsonObject): StreamPart => ({ type: "reasoning", text: "", data });
