/** A text without control characters, format characters (bidirectional, zero-width), line separators and lone surrogates. */
export const NO_INVISIBLE_CHARACTERS: RegExp = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Replaces invisible characters by their escapes (`\u202e`).
 *
 * @param kept - the invisible characters that stay. Default: line feeds and tabs
 */
export function escapeInvisible(text: string, kept = "\n\t"): string {
  if (NO_INVISIBLE_CHARACTERS.test(text)) return text;
  return text.replace(INVISIBLE, (character) => {
    if (kept.includes(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
