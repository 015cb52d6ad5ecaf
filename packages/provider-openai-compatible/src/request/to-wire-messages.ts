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

/** The provider and wire that messages are written for. */
interface MessageTarget {
  /** The provider's id, for its own entries of `providerOptions`. */
  readonly provider: string;
  readonly wire: Pick<ModelWire, "instructionRole" | "reasoningBack" | "maxToolIdLength">;
}

/** Maps a conversation to the messages of Chat Completions. */
export function toWireMessages(messages: readonly Message[], target: MessageTarget): readonly JsonObject[] {
  const { maxToolIdLength } = target.wire;
  const withIds = withToolIds(messages, { maxLength: maxToolIdLength ?? undefined });
  return withIds.flatMap((message) => toWireMessage(message, target));
}

function toWireMessage(message: Message, target: MessageTarget): readonly JsonObject[] {
  const own = ownBody(message.providerOptions, target);
  switch (message.role) {
    case "system":
      return [mergeBody({ role: target.wire.instructionRole, content: toContent(message.content, target) }, own)];
    case "user":
      return [mergeBody({ role: "user", content: toContent(message.content, target) }, own)];
    case "assistant":
      return [mergeBody(toAssistant(message, target), own)];
    case "tool":
      return message.content.map((part) => mergeBody(toToolMessage(part, target), own));
  }
}

type ContentPart = TextPart | ImagePart | FilePart;

/** A single text is sent as a string, which the simplest servers support as well. */
function toContent(content: string | readonly ContentPart[], target: MessageTarget): JsonValue {
  if (typeof content === "string") return content;
  const [first, ...others] = content;
  if (first === undefined) return "";
  const plain = others.length === 0 && first.type === "text" && ownBody(first.providerOptions, target) === undefined;
  return plain ? first.text : content.map((part) => toContentPart(part, target));
}

function toContentPart(part: ContentPart, target: MessageTarget): JsonObject {
  return mergeBody(toPlainPart(part), ownBody(part.providerOptions, target));
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

/** A file with an image is sent as an image. */
function toFilePart(part: FilePart): JsonObject {
  const media = mediaOf(part) ?? { mediaType: part.mediaType, data: part.data };
  if (media.mediaType.startsWith("image/")) return toImagePart(part);
  const filename = part.filename ?? fileNameFor(media.mediaType);
  return { type: "file", file: { filename, file_data: dataURL(media) } };
}

function toAssistant({ content }: AssistantMessage, target: MessageTarget): JsonObject {
  if (typeof content === "string") return { role: "assistant", content };
  let text = "";
  let reasoning = "";
  let details: readonly JsonValue[] = [];
  let own: JsonObject | undefined;
  const calls: JsonObject[] = [];
  for (const part of content) {
    const partBody = ownBody(part.providerOptions, target);
    switch (part.type) {
      case "text":
        text += part.text;
        if (partBody !== undefined) own = mergeBody(own ?? {}, partBody);
        break;
      case "reasoning":
        reasoning += part.text;
        details = details.concat(part.data?.reasoning_details ?? []);
        break;
      case "tool-call": {
        const { id, name, input, data } = part;
        const call = { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
        calls.push(mergeBody(mergeBody(data ?? {}, call), partBody));
        break;
      }
    }
  }
  const { reasoningBack } = target.wire;
  const message = dropUndefined({
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    tool_calls: calls.length > 0 ? calls : undefined,
    reasoning_details: details.length > 0 ? details : undefined,
    ...(reasoningBack !== null && reasoning !== "" ? { [reasoningBack]: reasoning } : {}),
  });
  return mergeBody(message, own);
}

/** The protocol has no flag for a failed tool, so the text states it. */
function toToolMessage(part: ToolResultPart, target: MessageTarget): JsonObject {
  const output = typeof part.output === "string" ? part.output : JSON.stringify(part.output);
  const message = {
    role: "tool",
    tool_call_id: part.toolCallId,
    content: part.isError === true ? `Error: ${output}` : output,
  };
  return mergeBody(message, ownBody(part.providerOptions, target));
}

function ownBody(options: ProviderOptions | undefined, { provider }: MessageTarget): JsonObject | undefined {
  if (options === undefined || !Object.hasOwn(options, provider)) return undefined;
  return options[provider]?.body;
}
