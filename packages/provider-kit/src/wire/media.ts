import type { FilePart, ImagePart } from "@babylon/llm-core";

/** The data of an image or a file. */
export interface Media {
  /** Lower case, without parameters, by its standard name: `image/jpeg`, never `image/jpg`. */
  readonly mediaType: string;
  /** Base64 in the standard alphabet, without white space. */
  readonly data: string;
}

const DATA_URL = /^\s*data:([^,]*),(.*)$/is;

/** Aliases of media types. */
const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/jpe": "image/jpeg",
  "image/x-png": "image/png",
  "image/x-webp": "image/webp",
  "application/x-pdf": "application/pdf",
  "text/json": "application/json",
  "text/xml": "application/xml",
};

/** Magic numbers as base64. Anthropic refuses data that does not match its media type (2026). */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^iVBORw0KGgo/, "image/png"],
  [/^\/9j\//, "image/jpeg"],
  [/^R0lGOD/, "image/gif"],
  [/^UklGR.{7}RUJQ/, "image/webp"],
  [/^JVBERi/, "application/pdf"],
];

/** Normalizes a media type. */
export function mediaTypeOf(source: string): string {
  const type = (source.split(";", 1)[0] ?? "").trim().toLowerCase();
  return Object.hasOwn(ALIASES, type) ? (ALIASES[type] ?? type) : type;
}

/**
 * The data of an image or a file; a `data:` URL may be in either field. `null` for an image with another URL. The media type is that of the
 * magic number, else that of the `data:` URL, else the given one.
 */
export function mediaOf(part: ImagePart | FilePart): Media | null {
  const source = part.data ?? (part.type === "image" ? part.url : undefined) ?? "";
  const isURL = /^\s*data:/i.test(source);
  if (part.data === undefined && !isURL) return null;
  const [, head = "", rest = source] = (isURL ? DATA_URL.exec(source) : null) ?? [];
  const isBase64 = !isURL || /;\s*base64\s*$/i.test(head);
  const data = isBase64 ? usualBase64(rest) : toBase64(rest);
  const detected = BEGINNINGS.find(([beginning]) => beginning.test(data))?.[1];
  const named = mediaTypeOf(isURL && !head.startsWith(";") ? head : (part.mediaType ?? ""));
  const mediaType = detected ?? (named || mediaTypeOf(part.mediaType ?? "") || "application/octet-stream");
  return { mediaType, data };
}

/** Removes white space and replaces the URL-safe alphabet. */
function usualBase64(data: string): string {
  if (!/[^A-Za-z0-9+/=]/.test(data)) return data;
  const decoded = data.includes("%") ? decodeEscapes(data) : data;
  return decoded.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(decodeEscapes(text));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Decodes percent escapes; returns the text unchanged if they are invalid. */
function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "application/json": "json",
  "application/xml": "xml",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
  "text/html": "html",
};

/** A default file name: OpenAI refuses files without one (2026). */
export function fileNameFor(mediaType: string): string {
  const known = Object.hasOwn(EXTENSIONS, mediaType) ? EXTENSIONS[mediaType] : undefined;
  return `file.${known ?? (/\/([a-z0-9]{1,8})$/.exec(mediaType)?.[1] || "bin")}`;
}
