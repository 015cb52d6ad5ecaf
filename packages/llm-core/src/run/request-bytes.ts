import type { ModelRequest } from "../contract/provider.ts";

/** The UTF-8 length of a text, bytes. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Each half of a surrogate pair counts as two bytes, four for the character.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

/** The approximate size of a request, bytes: messages, tools and response format as JSON. The wire of the adapter differs slightly. */
export function requestBytes({ messages, tools, responseFormat }: ModelRequest): number {
  return utf8Bytes(JSON.stringify({ messages, tools, responseFormat }));
}
