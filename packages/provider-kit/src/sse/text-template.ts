/** Reads events that differ from an earlier one only in a text, without parsing their JSON. Most events of a stream are of this kind. */
export interface TextTemplate {
  /** The text of an event that equals the learned one except for a non-empty text; `null`: the event must be parsed. */
  textOf(data: string): string | null;
  /** Learns an event whose only content is `text`, the value of `key`. */
  learn(data: string, key: string, text: string): void;
}

/** Learning stops after so many events in a row without a match, because some vendors add random data to each event. */
const MAX_MISSES = 8;

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings
const PLAIN = /^[^"\\\u0000-\u001f]+$/;

/** Decodes the inside of a JSON string; `null` if it is invalid or empty. */
function unquote(body: string): string | null {
  if (PLAIN.test(body)) return body;
  if (body === "") return null;
  try {
    const text: unknown = JSON.parse(`"${body}"`);
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

/** Creates an empty template for the events of one stream. */
export function createTextTemplate(): TextTemplate {
  let before = "";
  let after = "";
  let misses = 0;

  return {
    textOf(data) {
      if (before === "" || data.length <= before.length + after.length) return null;
      const end = data.length - after.length;
      // V8 compares slices ten times as fast as `startsWith` and `endsWith` (Node 24).
      if (data.slice(0, before.length) !== before || data.slice(end) !== after) return null;
      // The text between the same prefix and suffix is either one string or not valid as a string.
      const text = unquote(data.slice(before.length, end));
      if (text !== null) misses = 0;
      return text;
    },
    learn(data, key, text) {
      if (misses >= MAX_MISSES) return;
      misses += 1;
      before = "";
      const name = `"${key}"`;
      const at = data.indexOf(name);
      // The key must be unique, so that the value is unambiguous.
      if (at < 0 || data.indexOf(name, at + 1) >= 0) return;
      const start = data.startsWith(": ", at + name.length) ? at + name.length + 2 : at + name.length + 1;
      const literal = JSON.stringify(text);
      if (!data.startsWith(literal, start)) return;
      before = data.slice(0, start + 1);
      after = data.slice(start + literal.length - 1);
    },
  };
}
