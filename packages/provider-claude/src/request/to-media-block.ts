import { type FilePart, type ImagePart, type JsonObject, LLMError } from "@babylon/llm-core";
import type { Link } from "../link.ts";

const DATA_URL = /^data:([^;,]+)(?:;[^,]*)?;base64,(.*)$/s;

/**
 * An image as Anthropic takes it.
 *
 * @throws LLMError `unsupported` for a `data:` URL that is not base64
 */
export function toImageBlock(part: ImagePart, link: Link): JsonObject {
  const { url, data, mediaType } = part;
  if (data !== undefined && mediaType !== undefined) return imageOf(mediaType, data);
  if (url === undefined) throw unsupported("an image without its data", link);
  if (!url.startsWith("data:")) return { type: "image", source: { type: "url", url } };
  const [, type, base64] = DATA_URL.exec(url) ?? [];
  if (type === undefined || base64 === undefined) throw unsupported("a data: URL that is not base64", link);
  return imageOf(type, base64);
}

const imageOf = (mediaType: string, data: string): JsonObject => ({
  type: "image",
  source: { type: "base64", media_type: mediaType, data },
});

/**
 * A file as Anthropic takes it: PDF as it is, plain text as text.
 *
 * @throws LLMError `unsupported` for any other media type
 */
export function toDocumentBlock(part: FilePart, link: Link): JsonObject {
  const title = part.filename === undefined ? {} : { title: part.filename };
  if (part.mediaType === "application/pdf") {
    return { type: "document", source: { type: "base64", media_type: "application/pdf", data: part.data }, ...title };
  }
  if (part.mediaType.startsWith("text/")) {
    return { type: "document", source: { type: "text", media_type: "text/plain", data: textOf(part, link) }, ...title };
  }
  throw unsupported(`a file of type ${part.mediaType}`, link);
}

function textOf(part: FilePart, link: Link): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(part.data), (character) => character.charCodeAt(0)));
  } catch (cause) {
    throw unsupported("a file whose data is not base64", link, cause);
  }
}

function unsupported(what: string, link: Link, cause?: unknown): LLMError {
  return new LLMError({ code: "unsupported", message: `${link.provider} does not take ${what}`, ...link, cause });
}
