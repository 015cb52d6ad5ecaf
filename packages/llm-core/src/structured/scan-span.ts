const OPENERS: Readonly<Record<string, string>> = { "{": "}", "[": "]" };
const CLOSERS = new Set(["}", "]"]);
/** Quotes by the quote that ends them. */
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "\u201c": "\u201d", "`": "`" };
const BEFORE_A_VALUE = new Set(["{", "[", ",", ":"]);
const AFTER_A_STRING = new Set([",", ":", "}", "]", ""]);

/** Whether something that could be meant as JSON begins here, rather than a bracket of prose. */
export function looksLikeJson(text: string, at: number): boolean {
  LIKE_JSON.lastIndex = at;
  return LIKE_JSON.test(text);
}

const LIKE_JSON =
  /\{\s*(?:\\?["'\u201c}]|[A-Za-z_$][\w$]*\s*:|\/[/*])|\[\s*(?:\\?["'\u201c{[\]]|-?\d|(?:true|false|null|True|False|None)\b)/y;

/**
 * Finds where a value that is almost JSON ends: brackets are counted, strings are skipped, whatever their quotes. A quote inside a
 * string that nobody escaped does not end it, unless what follows could follow a string. A missing inner closer is forgiven, a
 * missing outermost one is not.
 *
 * @returns the place behind the closer; `null` when the text ends before it
 */
export function scanSpan(text: string, start: number): number | null {
  const stack: string[] = [];
  let previous = "";
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    const closer = OPENERS[char];
    if (closer !== undefined) stack.push(closer);
    else if (CLOSERS.has(char)) {
      const open = stack.lastIndexOf(char);
      if (open >= 0) stack.length = open;
      if (stack.length === 0) return at + 1;
    } else if (char === "\\" && text.charAt(at + 1) === '"') {
      // Written as if it stood inside a string.
      const end = text.indexOf('\\"', at + 2);
      if (end < 0) return null;
      at = end + 1;
    } else if (QUOTES[char] !== undefined && (char === '"' || BEFORE_A_VALUE.has(previous))) {
      const end = endOfString(text, at);
      if (end === null) return null;
      at = end;
    }
    if (char.trim() !== "") previous = char;
  }
  return null;
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number | null {
  const quote = QUOTES[text.charAt(start)];
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\") at += 1;
    else if (char === quote && AFTER_A_STRING.has(nextInk(text, at + 1))) return at;
  }
  return null;
}

/** The next character that is no blank; empty at the end of the text. */
function nextInk(text: string, from: number): string {
  let at = from;
  while (at < text.length && text.charAt(at).trim() === "") at += 1;
  return text.charAt(at);
}

/**
 * Does what `jsonrepair` (3.15.0) does not, before it does the rest: strings in other quotes are put into double ones (it takes an
 * apostrophe inside `'it's'` for a quote, and changes it), raw control characters are escaped, doubled commas are made one.
 */
export function requote(source: string): string {
  let out = "";
  let previous = "";
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charAt(at);
    const isQuote = QUOTES[char] !== undefined && (char === '"' || BEFORE_A_VALUE.has(previous));
    const end = isQuote ? endOfString(source, at) : null;
    if (end === null) out += char === "," && previous === "," ? "" : char;
    else out += toDoubleQuoted(source.slice(at + 1, end), char === '"');
    if (char.trim() !== "") previous = char;
    if (end !== null) at = end;
  }
  return out;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const TO_ESCAPE = /\\([\s\S])|"|[\u0000-\u001f]/g;

/** Quotes that nobody escaped in a string of double quotes are left to `jsonrepair`, which sees more of what is around them. */
function toDoubleQuoted(inner: string, wasDouble: boolean): string {
  return `"${inner.replace(TO_ESCAPE, (whole, escaped: string | undefined) => {
    if (whole === '"') return wasDouble ? whole : '\\"';
    // Line breaks may also mean that the string had ended before.
    if (escaped === undefined) return wasDouble && whole.trim() === "" ? whole : JSON.stringify(whole).slice(1, -1);
    return escaped === "'" || escaped === "`" ? escaped : whole;
  })}"`;
}
