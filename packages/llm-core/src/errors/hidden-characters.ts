/** A text in which nothing is hidden: no control, format (bidi, zero-width), line-separator or half characters. */
export const NOTHING_HIDDEN: RegExp = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/** What cannot be seen, save line feeds and tabs. */
const HIDDEN = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/gu;

/** A text with its hidden characters written out (`\u202e`), so that it looks like what it is; line feeds and tabs stay. */
export function showHidden(text: string): string {
  if (NOTHING_HIDDEN.test(text)) return text;
  return text.replace(HIDDEN, (hidden) => {
    const code = hidden.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
