import type {
  AssistantMessage,
  FilePart,
  ImagePart,
  JsonObject,
  JsonValue,
  Message,
  ProviderOptions,
  TextPart,
  ToolResultPart,
} from "@babylon/llm-core";
import { fileNameFor, type Media, mediaOf, mergeBody, withToolIds } from "@babylon/provider-kit";
import type { ModelWire } from "../model-traits.ts";
import { dropUndefined } from "./drop-undefined.ts";

/** Who reads the messages. */
interface MessageTarget {
  /** The provider's id, for its own entries of `providerOptions`. */
  readonly provider: string;
  readonly wire: Pick<ModelWire, "instructionRole" | "reasoningBack" | "maxToolIdLength">;
}

/** A conversation as Chat Completions takes it. */
export function toWireMessages(messages: readonly Message[], reader: MessageTarget): readonly JsonObject[] {
  const { maxToolIdLength } = reader.wire;
  const named = withToolIds(messages, { maxLength: maxToolIdLength ?? undefined });
  return named.flatMap((message) => toWireMessage(message, reader));
}

function toWireMessage(message: Message, reader: MessageTarget): readonly JsonObject[] {
  const own = ownBody(message.providerOptions, reader);
  switch (message.role) {
    case "system":
      return [mergeBody({ role: reader.wire.instructionRole, content: toContent(message.content, reader) }, own)];
    case "user":
      return [mergeBody({ role: "user", content: toContent(message.content, reader) }, own)];
    case "assistant":
      return [mergeBody(toAssistant(message, reader), own)];
    case "tool":
      return message.content.map((part) => mergeBody(toToolAnswer(part, reader), own));
  }
}

type ContentPart = TextPart | ImagePart | FilePart;

/** A single text goes out as a string, which the simplest servers understand too. */
function toContent(content: string | readonly ContentPart[], reader: MessageTarget): JsonValue {
  if (typeof content === "string") return content;
  const [first, ...others] = content;
  if (first === undefined) return "";
  const plain = others.length === 0 && first.type === "text" && ownBody(first.providerOptions, reader) === undefined;
  return plain ? first.text : content.map((part) => toContentPart(part, reader));
}

function toContentPart(part: ContentPart, reader: MessageTarget): JsonObject {
  return mergeBody(toPlainPart(part), ownBody(part.providerOptions, reader));
}

function toPlainPart(part: ContentPart): JsonObject {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return toImagePart(part);
    case "file":
      return toFilePart(part);
  }
}

const dataURL = ({ mediaType, data }: Media): string => `data:${mediaType};base64,${data}`;

function toImagePart(part: ImagePart | FilePart): JsonObject {
  const media = mediaOf(part);
  const url = media === null ? (part.type === "image" ? (part.url ?? "") : part.data) : dataURL(media);
  return { type: "image_url", image_url: { url } };
}

/** An image that was given as a file is an image all the same. */
function toFilePart(part: FilePart): JsonObject {
  const media = mediaOf(part) ?? { mediaType: part.mediaType, data: part.data };
  if (media.mediaType.startsWith("image/")) return toImagePart(part);
  const filename = part.filename ?? fileNameFor(media.mediaType);
  return { type: "file", file: { filename, file_data: dataURL(media) } };
}

function toAssistant({ content }: AssistantMessage, reader: MessageTarget): JsonObject {
  if (typeof content === "string") return { role: "assistant", content };
  let text = "";
  let reasoning = "";
  let details: readonly JsonValue[] = [];
  let own: JsonObject | undefined;
  const calls: JsonObject[] = [];
  for (const part of content) {
    const ofPart = ownBody(part.providerOptions, reader);
    switch (part.type) {
      case "text":
        text += part.text;
        if (ofPart !== undefined) own = mergeBody(own ?? {}, ofPart);
        break;
      case "reasoning":
        reasoning += part.text;
        details = details.concat(part.data?.reasoning_details ?? []);
        break;
      case "tool-call": {
        const { id, name, input, data } = part;
        const call = { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
        calls.push(mergeBody(mergeBody(data ?? {}, call), ofPart));
        break;
      }
    }
  }
  const { reasoningBack } = reader.wire;
  const message = dropUndefined({
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    tool_calls: calls.length > 0 ? calls : undefined,
    reasoning_details: details.length > 0 ? details : undefined,
    ...(reasoningBack !== null && reasoning !== "" ? { [reasoningBack]: reasoning } : {}),
  });
  return mergeBody(message, own);
}

/** The protocol has no mark for a failed tool, so the text says it. */
function toToolAnswer(part: ToolResultPart, reader: MessageTarget): JsonObject {
  const output = typeof part.output === "string" ? part.output : JSON.stringify(part.output);
  const message = {
    role: "tool",
    tool_call_id: part.toolCallId,
    content: part.isError === true ? `Error: ${output}` : output,
  };
  return mergeBody(message, ownBody(part.providerOptions, reader));
}

function ownBody(options: ProviderOptions | undefined, { provider }: MessageTarget): JsonObject | undefined {
  if (options === undefined || !Object.hasOwn(options, provider)) return undefined;
  return options[provider]?.body;
}
