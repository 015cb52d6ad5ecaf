/** Knows an event that says nothing but a text by the one before it: mostly they differ in that text alone, and need not be parsed. */
export interface TextTemplate {
  /** The text of an event that is the learnt one with another text, not empty; `null`: it must be parsed. */
  textOf(data: string): string | null;
  /** Learns an event whose whole meaning is this text, the value of this key. */
  learn(data: string, key: string, text: string): void;
}

/** Events learnt in vain before it gives up: there are vendors that put something random into each. */
const MOST_IN_VAIN = 8;

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings
const PLAIN = /^[^"\\\u0000-\u001f]+$/;

/** What a JSON string says between its quotes; `null` when it is none, or empty. */
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

/** Nothing learnt yet. For the events of one stream. */
export function createTextTemplate(): TextTemplate {
  let before = "";
  let after = "";
  let inVain = 0;

  return {
    textOf(data) {
      if (before === "" || data.length <= before.length + after.length) return null;
      const end = data.length - after.length;
      // Slices, because V8 compares them ten times as fast as `startsWith` and `endsWith` do (Node 24).
      if (data.slice(0, before.length) !== before || data.slice(end) !== after) return null;
      // Between the same two pieces of JSON there is one string again, or something that is no string.
      const text = unquote(data.slice(before.length, end));
      if (text !== null) inVain = 0;
      return text;
    },
    learn(data, key, text) {
      if (inVain >= MOST_IN_VAIN) return;
      inVain += 1;
      before = "";
      const name = `"${key}"`;
      const at = data.indexOf(name);
      // With one such key there is no doubt about whose value it is.
      if (at < 0 || data.indexOf(name, at + 1) >= 0) return;
      const start = data.startsWith(": ", at + name.length) ? at + name.length + 2 : at + name.length + 1;
      const literal = JSON.stringify(text);
      if (!data.startsWith(literal, start)) return;
      before = data.slice(0, start + 1);
      after = data.slice(start + literal.length - 1);
    },
  };
}
