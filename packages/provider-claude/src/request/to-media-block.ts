import { type FilePart, type ImagePart, type JsonObject, LLMError } from "@babylon/llm-core";
import { type Media, mediaOf } from "@babylon/provider-kit";
import type { Link } from "../link.ts";

/** The image types that Anthropic accepts (Messages API, 2026-11). */
const IMAGES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** Matches the media types of text files. */
const TEXTS =
  /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-javascript|typescript|sql|csv|x-ndjson)$|\+(?:json|xml|yaml)$/;

/**
 * Maps an image to Anthropic's block.
 *
 * @throws LLMError `unsupported` for a type that Anthropic does not accept
 */
export function toImageBlock(part: ImagePart, link: Link): JsonObject {
  const media = mediaOf(part);
  if (media !== null) return imageOf(media, link);
  if (part.url === undefined) throw unsupported("an image without its data", link);
  return { type: "image", source: { type: "url", url: part.url } };
}

function imageOf({ mediaType, data }: Media, link: Link): JsonObject {
  if (!IMAGES.has(mediaType)) throw unsupported(`an image of type ${mediaType}`, link);
  return { type: "image", source: { type: "base64", media_type: mediaType, data } };
}

/**
 * Maps a file to Anthropic's block: PDF and images unchanged, all text formats as plain text.
 *
 * @throws LLMError `unsupported` for any other media type
 */
export function toDocumentBlock(part: FilePart, link: Link): JsonObject {
  const media = mediaOf(part) ?? { mediaType: part.mediaType, data: part.data };
  const { mediaType, data } = media;
  const title = part.filename === undefined ? {} : { title: part.filename };
  if (mediaType === "application/pdf") {
    return { type: "document", source: { type: "base64", media_type: mediaType, data }, ...title };
  }
  if (TEXTS.test(mediaType)) {
    return { type: "document", source: { type: "text", media_type: "text/plain", data: textOf(data, link) }, ...title };
  }
  if (IMAGES.has(mediaType)) return imageOf(media, link);
  throw unsupported(`a file of type ${mediaType}`, link);
}

function textOf(data: string, link: Link): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
  } catch (cause) {
    throw unsupported("a file whose data is not base64", link, cause);
  }
}

function unsupported(what: string, link: Link, cause?: unknown): LLMError {
  return new LLMError({ code: "unsupported", message: `${link.provider} does not take ${what}`, ...link, cause });
}
