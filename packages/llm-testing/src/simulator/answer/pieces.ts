/** Typical length of a streamed piece: a few words. */
const USUAL_CHARS = 24;
/** Short answers have several pieces as well, so that they can fail in the middle. */
const LEAST_PIECES = 6;
/** Long answers have larger pieces, which limits the number of events. */
const MOST_PIECES = 48;

/** Splits a text into the pieces of a stream, never inside a character. */
export function piecesOf(text: string): string[] {
  const size = Math.max(
    1,
    Math.ceil(text.length / MOST_PIECES),
    Math.min(USUAL_CHARS, Math.floor(text.length / LEAST_PIECES)),
  );
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + size, text.length);
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff) end += 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
