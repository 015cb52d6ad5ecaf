import { beginNumber, goOnWithNumber, isWholeNumber, NUMBER_END } from "./json-number.ts";

/** What is called for the tokens of a JSON text. Places count from where the text began. */
export interface TokenListener {
  /** A bracket, a comma or a colon. */
  onMark(code: number, at: number): void;
  /** A string, as it stands in the text. `source` is empty unless it was asked for. */
  onString(start: number, end: number, source: string): void;
  /** A number or a literal. A number has ended when the character behind it has come. */
  onScalar(start: number, end: number): void;
  /** Here stands what is not JSON. */
  onBroken(): void;
  /** Whether the source of the string that is being read is needed. */
  needsSource(): boolean;
  /** `false`: what follows is not to be read. */
  goesOn(): boolean;
}

/** Cuts JSON text that arrives in pieces into tokens. Each character is looked at once. */
export interface JsonTokens {
  /** Starts anew, for another text. */
  begin(): void;
  /** The next piece, from a place of it on. Returns how many characters have been looked at since the beginning. */
  write(text: string, from: number): number;
  /** Whether a token has begun and not ended. */
  isInside(): boolean;
}

type Token = "none" | "string" | "escape" | "hex" | "number" | "literal";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LITERALS = new Map(["true", "false", "null"].map((word) => [word.charCodeAt(0), word]));
/** What may follow a backslash, beside `u`. */
const ESCAPES = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)));

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
/** Braces and brackets, which differ in one bit, comma and colon. */
const isMark = (code: number): boolean =>
  (code | 0x20) === 0x7b || (code | 0x20) === 0x7d || code === 0x2c || code === 0x3a;
const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** Nothing read yet. */
export function createJsonTokens(listener: TokenListener): JsonTokens {
  let token: Token = "none";
  let start = 0;
  /** How far the number, the literal or the hexadecimal digits have come. */
  let progress = 0;
  let literal = "";
  /** What has come of a string in earlier pieces, and where it goes on in this one. */
  let head = "";
  let pieceFrom = 0;
  /** How many characters came before the piece, less where it begins. */
  let shift = 0;
  let count = 0;

  function breakOff(): void {
    token = "none";
    listener.onBroken();
  }

  function beginToken(code: number, at: number): void {
    start = at + shift;
    if (code === QUOTE) {
      token = "string";
      head = "";
      pieceFrom = at;
    } else if (isMark(code)) listener.onMark(code, start);
    else {
      literal = LITERALS.get(code) ?? "";
      token = literal === "" ? "number" : "literal";
      progress = literal === "" ? beginNumber(code) : 1;
      if (progress === NUMBER_END) breakOff();
    }
  }

  /** Goes on with a string; returns the place behind what it took. */
  function passString(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        token = "none";
        listener.onString(start, at + 1 + shift, listener.needsSource() ? head + text.slice(pieceFrom, at + 1) : "");
        return at + 1;
      }
      if (code === BACKSLASH) {
        token = "escape";
        return at + 1;
      }
      if (code < 0x20) {
        breakOff();
        return at + 1;
      }
    }
    return text.length;
  }

  function passEscape(code: number): void {
    if (token === "escape") {
      token = code === 0x75 ? "hex" : "string";
      progress = 0;
      if (code !== 0x75 && !ESCAPES.has(code)) breakOff();
      return;
    }
    progress += 1;
    if (progress === 4) token = "string";
    if (!isHex(code)) breakOff();
  }

  function passLiteral(code: number, at: number): void {
    if (code !== literal.charCodeAt(progress)) {
      breakOff();
      return;
    }
    progress += 1;
    if (progress < literal.length) return;
    token = "none";
    listener.onScalar(start, at + 1 + shift);
  }

  /** Whether the character belongs to the number. */
  function passNumber(code: number, at: number): boolean {
    const state = goOnWithNumber(progress, code);
    if (state === NUMBER_END) {
      token = "none";
      if (isWholeNumber(progress)) listener.onScalar(start, at + shift);
      else breakOff();
      return false;
    }
    progress = state;
    return true;
  }

  /** Takes what stands at a place; returns the place behind it. */
  function pass(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (token === "none") {
      if (!isBlank(code)) beginToken(code, at);
    } else if (token === "string") {
      return passString(text, at);
    } else if (token === "number") {
      if (!passNumber(code, at)) return at;
    } else if (token === "literal") passLiteral(code, at);
    else passEscape(code);
    return at + 1;
  }

  return {
    begin() {
      token = "none";
      count = 0;
    },
    write(text, from) {
      shift = count - from;
      pieceFrom = from;
      let at = from;
      while (at < text.length && listener.goesOn()) at = pass(text, at);
      count = at + shift;
      const isInString = token === "string" || token === "escape" || token === "hex";
      if (isInString && listener.needsSource()) head += text.slice(pieceFrom);
      return count;
    },
    isInside: () => token !== "none",
  };
}
