import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";
import { arrayField, fieldOf, indexField, setMember, stringField } from "@babylon/provider-kit";

/** The texts of a message or a delta. */
export interface MessageText {
  readonly text: string;
  readonly reasoning: string;
  /** The model's refusal to answer (OpenAI). */
  readonly refusal: string;
}

/**
 * The fields of reasoning, in order of precedence: Groq and vLLM, DeepSeek, GitHub Copilot, Ollama and LM Studio, others. Some servers send
 * two of them with the same text, so only the first non-empty one is read.
 */
const REASONING = [
  "reasoning",
  "reasoning_content",
  "reasoning_text",
  "thinking",
  "thinking_content",
  "thought",
  "thoughts",
] as const;

/** The fields of reasoning in pieces: OpenRouter and MiniMax, LiteLLM. */
const REASONING_LISTS = ["reasoning_details", "thinking_blocks"] as const;

/** Reads the texts of a `message` or a `delta`. */
export function fromMessage(message: unknown): MessageText {
  const content = fieldOf(message, "content");
  return {
    text: textOf(content),
    reasoning: reasoningOf(message) || thinkingOf(content),
    refusal: stringField(message, "refusal") ?? "",
  };
}

function reasoningOf(message: unknown): string {
  for (const name of REASONING) {
    const field = fieldOf(message, name);
    const text = isRecord(field) ? textOfPieces([field]) : field;
    if (typeof text === "string" && text !== "") return text;
  }
  for (const name of REASONING_LISTS) {
    const text = textOfPieces(arrayField(message, name));
    if (text !== "") return text;
  }
  return "";
}

/** The joined text of pieces of reasoning, whose field names differ by vendor. */
function textOfPieces(pieces: readonly unknown[]): string {
  return pieces
    .map((piece) => {
      const inner = fieldOf(piece, "thinking");
      if (Array.isArray(inner)) return textOf(inner);
      return (
        stringField(piece, "text") ??
        stringField(piece, "thinking") ??
        stringField(piece, "summary") ??
        stringField(piece, "content") ??
        ""
      );
    })
    .join("");
}

const isThinking = (part: unknown): boolean => /think|reason/i.test(stringField(part, "type") ?? "");

/** The text of a string, or of a list of text parts, which some servers send. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? content : [content];
  return parts
    .map((part) => (typeof part === "string" ? part : isThinking(part) ? "" : (stringField(part, "text") ?? "")))
    .join("");
}

/** The reasoning in the parts of the content (Mistral). */
function thinkingOf(content: unknown): string {
  return Array.isArray(content) ? textOfPieces(content.filter(isThinking)) : "";
}

/** Reasoning that the vendor expects back unchanged (OpenRouter's `reasoning_details`). */
export function reasoningDetailsOf(message: unknown): readonly JsonObject[] {
  return arrayField(message, "reasoning_details").filter(isJSONObject);
}

/** A piece of a tool call in a message or a delta. */
export interface ToolCallPiece {
  /** The vendor's index of the call; `null` if absent. */
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly inputText: string;
  /** The arguments were sent as an object, so they are complete. */
  readonly isWhole: boolean;
  /** Unknown fields, such as Gemini's signatures, which the vendor may expect back. */
  readonly data: JsonObject | null;
}

/** The tool calls of a `message` or a `delta`, including the older `function_call`. */
export function toolCallsOf(message: unknown): readonly ToolCallPiece[] {
  const calls = fieldOf(message, "tool_calls");
  if (Array.isArray(calls)) return calls.filter(isRecord).map(toPiece);
  if (isRecord(calls)) return [toPiece(calls)];
  const old = fieldOf(message, "function_call");
  return isRecord(old) ? [toPiece({ function: old })] : NONE;
}

const NONE: readonly ToolCallPiece[] = [];

const CALL_MEMBERS: ReadonlySet<string> = new Set(["index", "id", "type", "function", "name", "arguments"]);
const FUNCTION_MEMBERS: ReadonlySet<string> = new Set(["name", "arguments"]);

function toPiece(call: unknown): ToolCallPiece {
  const called = fieldOf(call, "function");
  const of = isRecord(called) ? called : call;
  const input = fieldOf(of, "arguments");
  const ofFunction = unknownMembers(called, FUNCTION_MEMBERS);
  const ofCall = unknownMembers(call, CALL_MEMBERS);
  return {
    index: indexField(call),
    id: stringField(call, "id"),
    name: stringField(of, "name"),
    inputText: typeof input === "string" ? input : isRecord(input) || Array.isArray(input) ? JSON.stringify(input) : "",
    isWhole: isRecord(input) || Array.isArray(input),
    data: ofFunction === null ? ofCall : { ...ofCall, function: ofFunction },
  };
}

function unknownMembers(value: unknown, known: ReadonlySet<string>): JsonObject | null {
  if (!isJSONObject(value)) return null;
  let found: Record<string, JsonValue> | null = null;
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (known.has(name) || member === null || member === undefined) continue;
    found ??= {};
    setMember(found, name, member);
  }
  return found;
}

/** A parsed record only contains JSON values. */
const isJSONObject = (value: unknown): value is JsonObject => isRecord(value);
