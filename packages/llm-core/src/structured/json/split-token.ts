import type { Writable } from "../../contract/writable.ts";
import { beginNumber, continueNumber, isWholeNumber, NUMBER_END } from "./json-number.ts";
import { literalOf, SIMPLE_ESCAPES } from "./json-tokens.ts";

const QUOTE_MARK = 0x22;
const BACKSLASH = 0x5c;

/** A string, number or literal that is read character by character, because its end may be in a later piece. */
export interface SplitToken {
  /** `none`: no token is being read. `complete`: the last one has ended. `failed`: it is not JSON. */
  readonly state: "none" | "open" | "complete" | "failed";
  /** Position of its first character. */
  readonly start: number;
  /** The string between its quotes, with its escapes; only if `begin` was asked to keep it. */
  readonly source: string;
  /** Begins a token with its first character. */
  begin(code: number, start: number, keepsSource: boolean): void;
  /** Reads on, at most to the end of the token. Returns the position after what was read. */
  read(text: string, from: number): number;
  /** Drops the token. */
  clear(): void;
}

const LETTER_U = 0x75;
const HEX_DIGITS = 4;

const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** Creates the reader of such tokens: one at a time. */
export function createSplitToken(): SplitToken {
  let kind: "string" | "escape" | "hex" | "number" | "literal" = "string";
  /** State of the number, or number of characters of the literal or of the hexadecimal digits. */
  let progress = 0;
  let literal = "";
  let isKept = false;

  function readString(text: string, from: number): number {
    let at = from;
    let end = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      at += 1;
      if (code === BACKSLASH) kind = "escape";
      else if (code < 0x20) token.state = "failed";
      else if (code === QUOTE_MARK) {
        token.state = "complete";
        end = 1;
      } else continue;
      break;
    }
    if (isKept) token.source += text.slice(from, at - end);
    return at;
  }

  function readEscape(text: string, at: number): void {
    const code = text.charCodeAt(at);
    if (isKept) token.source += text.charAt(at);
    if (kind === "escape") {
      kind = code === LETTER_U ? "hex" : "string";
      progress = 0;
      if (code !== LETTER_U && !SIMPLE_ESCAPES.has(code)) token.state = "failed";
      return;
    }
    progress += 1;
    if (progress === HEX_DIGITS) kind = "string";
    if (!isHex(code)) token.state = "failed";
  }

  function readLiteral(text: string, at: number): void {
    if (text.charCodeAt(at) !== literal.charCodeAt(progress)) token.state = "failed";
    progress += 1;
    if (progress === literal.length && token.state === "open") token.state = "complete";
  }

  /** A number ends before the character that cannot continue it. */
  function readNumber(text: string, at: number): number {
    const reached = continueNumber(progress, text.charCodeAt(at));
    if (reached === NUMBER_END) {
      token.state = isWholeNumber(progress) ? "complete" : "failed";
      return at;
    }
    progress = reached;
    return at + 1;
  }

  const token: Writable<SplitToken> = {
    state: "none",
    start: 0,
    source: "",
    begin(code, start, keepsSource) {
      token.state = "open";
      token.start = start;
      token.source = "";
      isKept = keepsSource && code === QUOTE_MARK;
      literal = literalOf(code);
      if (code === QUOTE_MARK) kind = "string";
      else if (literal === "") {
        kind = "number";
        progress = beginNumber(code);
        if (progress === NUMBER_END) token.state = "failed";
      } else {
        kind = "literal";
        progress = 1;
      }
    },
    read(text, from) {
      let at = from;
      while (at < text.length && token.state === "open") {
        if (kind === "string") at = readString(text, at);
        else if (kind === "number") at = readNumber(text, at);
        else {
          if (kind === "literal") readLiteral(text, at);
          else readEscape(text, at);
          at += 1;
        }
      }
      return at;
    },
    clear() {
      token.state = "none";
    },
  };
  return token;
}
