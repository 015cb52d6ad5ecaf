/**
 * The characters, for a character class, that are invisible or change how the text around them is displayed: control characters,
 * bidirectional and zero-width characters, line and paragraph separators, unpaired surrogates.
 */
export const INVISIBLE_CHARACTERS = "\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}";

const INVISIBLE = new RegExp(`[${INVISIBLE_CHARACTERS}]`, "gu");

/** A text for display: invisible characters are escaped as `\u{202e}`. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
