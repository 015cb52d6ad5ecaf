import type { Random } from "../random.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
/** Maximum repetitions of `*` and `+`. */
const OPEN_END = 3;

interface Reader {
  readonly pattern: string;
  at: number;
}

/**
 * A text that matches a simple regular expression: literals, classes, groups, alternatives and counts. `null` if the expression has other
 * constructs.
 */
export function textOfPattern(pattern: string, random: Random): string | null {
  const reader: Reader = { pattern, at: 0 };
  const text = alternatives(reader, random);
  if (text === null || reader.at < pattern.length) return null;
  try {
    return new RegExp(pattern, "u").test(text) ? text : null;
  } catch {
    return null;
  }
}

function alternatives(reader: Reader, random: Random): string | null {
  const found: string[] = [];
  for (;;) {
    const text = sequence(reader, random);
    if (text === null) return null;
    found.push(text);
    if (reader.pattern[reader.at] !== "|") break;
    reader.at += 1;
  }
  return found[random.int(0, found.length - 1)] ?? "";
}

function sequence(reader: Reader, random: Random): string | null {
  let text = "";
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    const start = reader.at;
    const first = atom(reader, random);
    if (first === null) return null;
    const end = reader.at;
    const count = quantifier(reader, random);
    if (count === null) return null;
    const after = reader.at;
    for (let done = 0; done < count; done += 1) {
      // Read again for each repetition, so that `[a-z]{5}` is not one letter five times.
      reader.at = start;
      text += done === 0 ? first : (atom(reader, random) ?? "");
    }
    reader.at = Math.max(end, after);
  }
  return text;
}

function quantifier(reader: Reader, random: Random): number | null {
  const rest = reader.pattern.slice(reader.at);
  const found = /^(?:([?*+])|\{(\d+)(,(\d*))?\})\??/.exec(rest);
  if (found === null) return 1;
  reader.at += found[0].length;
  const [, sign, low, range, high] = found;
  if (sign !== undefined) return sign === "?" ? random.int(0, 1) : random.int(sign === "+" ? 1 : 0, OPEN_END);
  const min = Number(low);
  if (range === undefined) return min;
  return random.int(min, high === undefined || high === "" ? min + OPEN_END : Number(high));
}

function atom(reader: Reader, random: Random): string | null {
  const char = reader.pattern[reader.at] ?? "";
  reader.at += 1;
  switch (char) {
    case "^":
    case "$":
      return "";
    case ".":
      return anyOf(LETTERS, random);
    case "[":
      return charClass(reader, random);
    case "(": {
      if (reader.pattern[reader.at] === "?") {
        if (reader.pattern[reader.at + 1] !== ":") return null;
        reader.at += 2;
      }
      const inside = alternatives(reader, random);
      reader.at += 1;
      return inside;
    }
    case "\\":
      return escaped(reader, random);
    default:
      return char;
  }
}

function escaped(reader: Reader, random: Random): string | null {
  const char = reader.pattern[reader.at] ?? "";
  reader.at += 1;
  if (char === "d") return anyOf(DIGITS, random);
  if (char === "w") return anyOf(LETTERS + DIGITS, random);
  if (char === "s") return " ";
  return /[a-zA-Z0-9]/.test(char) ? null : char;
}

function charClass(reader: Reader, random: Random): string | null {
  let members = "";
  if (reader.pattern[reader.at] === "^") return null;
  for (; reader.at < reader.pattern.length; reader.at += 1) {
    const char = reader.pattern[reader.at] ?? "";
    if (char === "]") {
      reader.at += 1;
      return members === "" ? null : anyOf(members, random);
    }
    if (char === "\\") {
      reader.at += 1;
      const next = reader.pattern[reader.at] ?? "";
      members += next === "d" ? DIGITS : next === "w" ? LETTERS + DIGITS : next;
    } else if (reader.pattern[reader.at + 1] === "-" && !["]", undefined].includes(reader.pattern[reader.at + 2])) {
      members += rangeOf(char, reader.pattern[reader.at + 2] ?? char);
      reader.at += 2;
    } else {
      members += char;
    }
  }
  return null;
}

function rangeOf(from: string, to: string): string {
  let members = "";
  for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) members += String.fromCharCode(code);
  return members;
}

const anyOf = (members: string, random: Random): string => members[random.int(0, members.length - 1)] ?? "";
