import type { ModelRequest } from "../contract/provider.ts";

/** The length of a text in UTF-8. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Half of a pair counts as two: together they are the four bytes of one character.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

/** The size of what is asked, bytes: messages, tools and form of answer as JSON. The adapter's own wire differs a little. */
export function requestBytes({ messages, tools, responseFormat }: ModelRequest): number {
  return utf8Bytes(JSON.stringify({ messages, tools, responseFormat }));
}
