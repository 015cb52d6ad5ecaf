import { isRecord, type JsonObject, type JsonValue } from "@babylon/llm-core";
import { arrayField, fieldOf, stringField } from "@babylon/provider-kit";

/** What a message, or a delta of one, says. */
export interface MessageText {
  readonly text: string;
  readonly reasoning: string;
  /** The model's refusal to answer (OpenAI). */
  readonly refusal: string;
}

/**
 * The names of reasoning, the first that says anything: Groq and vLLM, DeepSeek, GitHub Copilot, Ollama and LM Studio, others. Some
 * servers send two of them with the same text.
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

/** Lists of pieces of reasoning: OpenRouter and MiniMax, LiteLLM. */
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
    const said = isRecord(field) ? sentencesOf([field]) : field;
    if (typeof said === "string" && said !== "") return said;
  }
  for (const name of REASONING_LISTS) {
    const said = sentencesOf(arrayField(message, name));
    if (said !== "") return said;
  }
  return "";
}

/** The texts of pieces of reasoning, under the names that they have. */
function sentencesOf(pieces: readonly unknown[]): string {
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

/** A string, or a list of text parts as some servers write it. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? content : [content];
  return parts
    .map((part) => (typeof part === "string" ? part : isThinking(part) ? "" : (stringField(part, "text") ?? "")))
    .join("");
}

/** Reasoning among the parts of the content, as Mistral writes it. */
function thinkingOf(content: unknown): string {
  return Array.isArray(content) ? sentencesOf(content.filter(isThinking)) : "";
}

/** What of a message's reasoning its vendor wants back unchanged (OpenRouter's `reasoning_details`). */
export function reasoningDetailsOf(message: unknown): readonly JsonObject[] {
  return arrayField(message, "reasoning_details").filter(isJSONObject);
}

/** A piece of a tool call, as it stands in a message or a delta. */
export interface ToolCallPiece {
  /** The vendor's number of the call, where it gave one. */
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly inputText: string;
  /** The arguments came as an object, which is all of them. */
  readonly isWhole: boolean;
  /** Members that this wire does not know, such as the signatures of Gemini: the vendor may want them back. */
  readonly data: JsonObject | null;
}

/** The tool calls of a `message` or a `delta`, also the one of the older `function_call`. */
export function toolCallsOf(message: unknown): readonly ToolCallPiece[] {
  const calls = fieldOf(message, "tool_calls");
  if (Array.isArray(calls)) return calls.map(toPiece);
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
  const index = fieldOf(call, "index");
  const input = fieldOf(of, "arguments");
  const ofFunction = unknownMembers(called, FUNCTION_MEMBERS);
  const ofCall = unknownMembers(call, CALL_MEMBERS);
  return {
    index: typeof index === "number" && Number.isInteger(index) && index >= 0 ? index : null,
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
    found[name] = member;
  }
  return found;
}

/** What was parsed as JSON has nothing else in it. */
const isJSONObject = (value: unknown): value is JsonObject => isRecord(value);
