import { isRecord, type StreamPart } from "@babylon/llm-core";
import {
  createTextTemplate,
  type EventMapper,
  isErrorObject,
  parseJSON,
  responseError,
  type ServerSentEvent,
} from "@babylon/provider-kit";
import { type ChatReader, createChatReader } from "./chat-reader.ts";
import { errorInReply, type ReplySource } from "./reply-source.ts";

/** Matches `[DONE]` in the spellings of servers: in lower case, in quotes, with white space; one that was cut off is none. */
const DONE = /^\s*("?)(?:\[done\]|done)\1\s*$/i;
const MAX_DONE_LENGTH = 20;

/** Whether an event is the end marker of this family. */
export const isDoneEvent = ({ data }: ServerSentEvent): boolean => data.length <= MAX_DONE_LENGTH && DONE.test(data);

/** Matches data that only keeps the connection open. */
const PING = /^\s*"?(?:ping|pong|heartbeat|keep-?alive)"?\s*$/i;

const NONE: readonly StreamPart[] = [];

/** Creates the mapper of one stream. */
export function createEventMapper(source: ReplySource, reader: ChatReader = createChatReader(source)): EventMapper {
  const template = createTextTemplate();
  let events = 0;
  let done = false;

  function mapChunk(chunk: Record<string, unknown>, data: string): readonly StreamPart[] {
    if (isErrorObject(chunk)) throw errorInReply(chunk, data, source);
    return reader.take(chunk);
  }

  function mapValue(value: unknown, data: string): readonly StreamPart[] {
    if (isRecord(value)) {
      const parts = mapChunk(value, data);
      const text = reader.plainText();
      if (text !== null) template.learn(data, "content", text);
      return parts;
    }
    if (Array.isArray(value) && value.every(isRecord)) return value.flatMap((chunk) => mapChunk(chunk, data));
    // Numbers and `null` carry no content. Any other value may carry content, so before the answer is whole it is an error.
    const isNothing = value === null || typeof value === "number" || typeof value === "boolean" || PING.test(data);
    if (isNothing || reader.isWhole()) return NONE;
    const { response, facts } = source;
    throw responseError("invalid_response", "sent a malformed event", response, facts, data);
  }

  return {
    isDone: () => done || reader.isOver(),
    isWhole: reader.isWhole,
    map(event) {
      const { event: name, data } = event;
      // Skips unknown event types, and empty events that only keep the connection open.
      if ((name !== null && name !== "message" && name !== "error") || data.trim() === "") return NONE;
      events += 1;
      const text = name === "error" ? null : template.textOf(data);
      if (text !== null) return reader.takeText(text);
      if (isDoneEvent(event)) {
        done = true;
        return NONE;
      }
      const value = parseJSON(data);
      if (name !== "error") return mapValue(value, data);
      throw errorInReply(isErrorObject(value) ? value : { error: value ?? data }, data, source);
    },
    end() {
      const { response, facts } = source;
      if (events === 0) throw responseError("invalid_response", "answered without any event", response, facts);
      return reader.end(done);
    },
  };
}
