import { isRecord, type JsonValue } from "@babylon/llm-core";
import type { SimulatedAnswer } from "../answer/simulated-request.ts";
import type { WrongShapeWay } from "./fault.ts";

/** The share of an answer that remains when the token limit cuts it. */
const LEFT_WHEN_CUT = 0.6;

/** Corrupts a JSON answer, in its text or in the arguments of its first tool call; other answers are unchanged. */
export function spoilShape(answer: SimulatedAnswer, way: WrongShapeWay): SimulatedAnswer {
  const [call, ...otherCalls] = answer.toolCalls;
  const text = call?.arguments ?? answer.text;
  const value = parse(text);
  if (value === undefined) return answer;
  const spoilt = spoil(text, value, way);
  const end = way === "length" ? "length" : answer.end;
  if (call === undefined) return { ...answer, text: spoilt, end };
  return { ...answer, toolCalls: [{ ...call, arguments: spoilt }, ...otherCalls], end };
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function spoil(text: string, value: JsonValue, way: WrongShapeWay): string {
  switch (way) {
    case "missing-elements":
      return JSON.stringify(withoutSome(value));
    case "extra-prose":
      return `Sure! Here is what you asked for:\n\n${text}\n\nLet me know if you would like me to change anything.`;
    case "fences":
      return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
    case "length":
      return text.slice(0, Math.max(1, Math.floor(text.length * LEFT_WHEN_CUT)));
    case "duplicate-ids":
      return JSON.stringify(withDuplicate(value));
    case "wrong-types":
      return JSON.stringify(withWrongTypes(value));
    case "unclosed-think":
      return `<think>\nThey want JSON. A first draft: ${JSON.stringify(withoutSome(value))}\nNo, that is not all of it. Better:\n${text}`;
    case "trailing-comma":
      return text.replace(/([\]}])([\]}]*)$/, ",$1$2");
    case "single-quotes":
      return singleQuoted(value);
    case "wrong-root":
      return JSON.stringify(withOtherRoot(value));
  }
}

/** Changes the first non-empty list, at the root or nested; `null` if there is none. */
function withList(value: JsonValue, change: (list: readonly JsonValue[]) => readonly JsonValue[]): JsonValue | null {
  if (Array.isArray(value)) return value.length === 0 ? null : change(value);
  if (!isRecord(value)) return null;
  for (const [key, inner] of Object.entries(value)) {
    const changed = typeof inner === "object" ? withList(inner, change) : null;
    if (changed !== null) return { ...value, [key]: changed };
  }
  return null;
}

/** Removes a third of the elements, at least one; without a list, the last property. */
function withoutSome(value: JsonValue): JsonValue {
  const fewer = withList(value, (list) =>
    list.filter((_, index) => index % 3 !== 1 && !(list.length === 1 && index === 0)),
  );
  if (fewer !== null || !isRecord(value)) return fewer ?? value;
  return Object.fromEntries(Object.entries(value).slice(0, -1));
}

/** Repeats the first element as the second one. */
function withDuplicate(value: JsonValue): JsonValue {
  return withList(value, ([first = null, , ...rest]) => [first, first, ...rest]) ?? value;
}

/** Numbers become text, text becomes numbers, booleans become words. */
function withWrongTypes(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withWrongTypes);
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withWrongTypes(inner)]));
  }
  if (typeof value === "number") return `about ${value}`;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value.length : value;
}

function singleQuoted(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(singleQuoted).join(", ")}]`;
  if (isRecord(value)) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `'${key}': ${singleQuoted(inner)}`)
      .join(", ")}}`;
  }
  return typeof value === "string"
    ? `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : JSON.stringify(value);
}

/** Wraps a list in an object, and an object in a list. */
const withOtherRoot = (value: JsonValue): JsonValue => (Array.isArray(value) ? { result: value } : [value]);
