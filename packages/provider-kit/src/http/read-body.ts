/** Reads a complete body as text. Rejects with the errors of the body. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of body) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

/** Reads the first bytes of a body as text. If there are more, iteration stops, which closes the socket. Rejects as {@link readBody}. */
export async function readStart(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let remaining = maxBytes;
  for await (const piece of body) {
    text += decoder.decode(piece.subarray(0, remaining), { stream: true });
    remaining -= piece.byteLength;
    // The cut may be inside a character, so the decoder is not flushed.
    if (remaining < 0) return text;
  }
  return text + decoder.decode();
}
