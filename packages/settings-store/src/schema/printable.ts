/**
 * Characters that are not seen, or that change how the text around them is shown: control characters, bidirectional and zero-width
 * ones, line and paragraph separators, halves of surrogate pairs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const ALL_UNSEEN = new RegExp(UNSEEN, "gu");

/** A text of which every character is seen as what it is. */
export const PRINTABLE: RegExp = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;

/** A text that can be shown: what would not be seen in it stands as `\u{202e}`. */
export function escapeInvisible(text: string): string {
  return text.replace(ALL_UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
