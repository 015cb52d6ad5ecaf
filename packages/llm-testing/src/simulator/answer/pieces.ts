/** What a model sends in one go, roughly a few words. */
const USUAL_CHARS = 24;
/** Short answers still come in several pieces, so that there is a middle to fail in. */
const LEAST_PIECES = 6;
/** Long answers come in larger pieces, so that a list of a hundred decisions does not cost a thousand events. */
const MOST_PIECES = 48;

/** Cuts a text into the pieces that a stream sends one by one; never through the middle of a character. */
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
