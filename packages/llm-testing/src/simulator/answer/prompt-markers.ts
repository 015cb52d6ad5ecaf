import { isRecord, type JsonObject } from "@babylon/llm-core";

/**
 * Instructions for the simulator in a prompt: one per line, in any message.
 * `JSON schema: {...}` asks for JSON of that schema; `Expected ids: [...]` names the elements of its outermost list;
 * `Expected count: N` their number.
 */
export interface PromptMarkers {
  readonly schema: JsonObject | null;
  readonly ids: readonly (string | number)[] | null;
  readonly count: number | null;
}

const NONE: PromptMarkers = { schema: null, ids: null, count: null };

/** Reads the markers of a prompt; the last one of each kind counts. */
export function readMarkers(prompt: string): PromptMarkers {
  // A prompt without markers, the common case, only needs one search per marker.
  if (!/^(?:JSON schema|Expected (?:ids|count)): /m.test(prompt)) return NONE;
  const schema = parse(lastLine(prompt, "JSON schema: "));
  const ids = parse(lastLine(prompt, "Expected ids: "));
  const count = Number(lastLine(prompt, "Expected count: ") ?? Number.NaN);
  return {
    // A parsed JSON object is a JsonObject.
    schema: isRecord(schema) ? (schema as JsonObject) : null,
    ids: Array.isArray(ids) ? ids.filter((id) => typeof id === "string" || typeof id === "number") : null,
    count: Number.isInteger(count) && count >= 0 ? count : null,
  };
}

function lastLine(prompt: string, marker: string): string | null {
  const before = prompt.lastIndexOf(`\n${marker}`);
  if (before < 0 && !prompt.startsWith(marker)) return null;
  const from = (before < 0 ? 0 : before + 1) + marker.length;
  const end = prompt.indexOf("\n", from);
  return prompt.slice(from, end < 0 ? undefined : end).trim();
}

function parse(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
