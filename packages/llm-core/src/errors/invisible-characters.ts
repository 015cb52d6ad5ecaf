/** A text without control characters, format characters (bidirectional, zero-width), line separators and lone surrogates. */
export const NO_INVISIBLE_CHARACTERS: RegExp = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/** Invisible characters except line feeds and tabs. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/gu;

/** Replaces invisible characters by their escapes (`\u202e`), except line feeds and tabs. */
export function escapeInvisible(text: string): string {
  if (NO_INVISIBLE_CHARACTERS.test(text)) return text;
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
