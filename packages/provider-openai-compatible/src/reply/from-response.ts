import { isRecord, type JsonObject, type ModelResponse, type StreamPart, UNKNOWN_USAGE } from "@babylon/llm-core";
import {
  createEventParser,
  isErrorObject,
  parseResponseJSON,
  responseError,
  type ServerSentEvent,
  vendorMessage,
} from "@babylon/provider-kit";
import { createChatReader } from "./chat-reader.ts";
import { createEventMapper } from "./from-event.ts";
import { errorInReply, type ReplySource } from "./reply-source.ts";

/**
 * Reads the body of a successful reply of `/chat/completions`. A refusal (`message.refusal`) is an answer with the finish reason
 * `content-filter`. An unrequested event stream, also after a JSON body, is read as well.
 *
 * @throws LLMError `invalid_response` if the body is not an answer, `truncated` if the answer is incomplete, and the error of a finish reason
 *   that reports a failure or of an error object in the reply
 */
export function fromResponse(text: string, source: ReplySource): ModelResponse {
  const reader = createChatReader(source);
  const mapper = createEventMapper(source, reader);
  const parts: StreamPart[] = [];
  const add = (more: readonly StreamPart[]): void => {
    for (const part of more) parts.push(part);
  };
  const { json, events } = divide(text);
  if (json !== null) add(reader.take(readReply(json, source)));
  // Events after a complete JSON answer may report an error, but not add a second answer to it.
  const isComplete = json !== null && reader.isWhole();
  for (const event of events) {
    if (mapper.isDone()) continue;
    const more = mapper.map(event);
    if (isComplete && more.some(({ type }) => type === "text" || type === "tool-call")) throw twoAnswers(source);
    add(more);
  }
  if (!reader.hasMessage()) throw withoutMessage(text, source);
  add(reader.end(json !== null || mapper.isDone()));
  return toResponse(parts, source);
}

/** Splits a body into its JSON and the events instead of it or after it. */
function divide(text: string): { readonly json: string | null; readonly events: readonly ServerSentEvent[] } {
  const [first = ""] = /\S/.exec(text) ?? [];
  // No line of JSON begins like this.
  const start = first === "" || "{[<".includes(first) ? text.search(/^(?:data|event):/m) : 0;
  if (start === -1) return { json: text, events: [] };
  const events: ServerSentEvent[] = [];
  createEventParser((event) => events.push(event))(`${text.slice(start)}\n\n`);
  const json = text.slice(0, start).trim();
  return { json: json === "" && events.length > 0 ? null : json, events };
}

function readReply(json: string, source: ReplySource): Record<string, unknown> {
  const value = parseResponseJSON(json, source.response, source.facts);
  // Gemini wraps its error in a list.
  const reply = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (isErrorObject(reply)) throw errorInReply(reply, json, source);
  return isRecord(reply) ? reply : {};
}

const twoAnswers = ({ response, facts }: ReplySource): Error =>
  responseError("invalid_response", "sent a second answer after the first one", response, facts);

function withoutMessage(text: string, source: ReplySource): Error {
  const { response, facts } = source;
  const reply = divide(text).json;
  const body: unknown = reply === null ? null : parseResponseJSON(reply, response, facts);
  if (isRecord(body) && vendorMessage(body, "") !== "") return errorInReply(body, text, source);
  return responseError("invalid_response", "answered without a message", response, facts, body);
}

function toResponse(parts: readonly StreamPart[], { response, facts }: ReplySource): ModelResponse {
  const calls: { id: string; name: string; inputText: string; data?: JsonObject }[] = [];
  const reasoning: { text: string; data?: JsonObject }[] = [];
  let text = "";
  let usage = UNKNOWN_USAGE;
  for (const part of parts) {
    switch (part.type) {
      case "text":
        text += part.text;
        break;
      case "reasoning": {
        const block = reasoning.at(-1) ?? { text: "" };
        if (reasoning.length === 0) reasoning.push(block);
        block.text += part.text;
        if (part.data !== undefined) block.data = part.data;
        break;
      }
      case "tool-call": {
        const call = calls[part.index] ?? { id: "", name: "", inputText: "" };
        calls[part.index] = call;
        call.id ||= part.id ?? "";
        call.name ||= part.name ?? "";
        call.inputText += part.inputText;
        if (part.data !== undefined) call.data = part.data;
        break;
      }
      case "usage":
        usage = part.usage;
        break;
      case "finish": {
        const { finishReason, rawFinishReason, responseId, responseModel } = part;
        return {
          text,
          reasoning: reasoning.filter((block) => block.text !== "" || block.data !== undefined),
          toolCalls: calls.map((call, index) => ({ ...call, id: call.id || `call_${index}` })),
          finishReason,
          rawFinishReason,
          usage,
          responseId,
          responseModel,
        };
      }
    }
  }
  throw responseError("truncated", "answered without a finish reason", response, facts);
}
