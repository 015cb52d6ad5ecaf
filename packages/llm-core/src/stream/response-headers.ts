/**
 * Headers of a body that arrives in pieces: nothing on the way may keep it, guess its type, or collect it for compression
 * (`no-transform`) or in a buffer (`x-accel-buffering`, nginx). Headers of the caller replace those of the same name.
 */
export function responseHeaders(contentType: string, given: ResponseInit["headers"]): Headers {
  const headers = new Headers({
    "content-type": contentType,
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
  for (const [name, value] of new Headers(given)) headers.set(name, value);
  return headers;
}
