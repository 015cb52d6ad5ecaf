/** A whole body as text. Rejects with whatever reading it throws. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of body) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

/** The first bytes of a body as text; if there are more, the body is left, which closes its socket. Rejects as {@link readBody}. */
export async function readStart(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left = maxBytes;
  for await (const piece of body) {
    text += decoder.decode(piece.subarray(0, left), { stream: true });
    left -= piece.byteLength;
    // What was cut off may have been half of a character.
    if (left < 0) return text;
  }
  return text + decoder.decode();
}
