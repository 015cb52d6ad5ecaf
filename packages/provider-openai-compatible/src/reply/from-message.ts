import { arrayField, fieldOf, stringField } from "@babylon/provider-kit";

/** What a message, or a delta of one, says. */
export interface MessageText {
  readonly text: string;
  readonly reasoning: string;
  /** The model's refusal to answer (OpenAI). */
  readonly refusal: string;
}

/** Reads the texts of a `message` or a `delta`. Of the two names of reasoning the second counts only without the first: some servers send both. */
export function fromMessage(message: unknown): MessageText {
  return {
    text: textOf(fieldOf(message, "content")),
    reasoning: stringField(message, "reasoning") ?? stringField(message, "reasoning_content") ?? "",
    refusal: stringField(message, "refusal") ?? "",
  };
}

/** A string, or a list of text parts as some servers write it. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => stringField(part, "text") ?? "").join("");
}

/** A piece of a tool call, as it stands in a message or a delta. */
export interface ToolCallPiece {
  /** The vendor's number of the call, where it gave one. */
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly inputText: string;
}

/** The tool calls of a `message` or a `delta`. */
export function toolCallsOf(message: unknown): readonly ToolCallPiece[] {
  return arrayField(message, "tool_calls").map((call) => {
    const called = fieldOf(call, "function");
    const index = fieldOf(call, "index");
    return {
      index: typeof index === "number" && Number.isInteger(index) && index >= 0 ? index : null,
      id: stringField(call, "id"),
      name: stringField(called, "name"),
      inputText: toInputText(fieldOf(called, "arguments")),
    };
  });
}

/** Some servers send the arguments as an object instead of JSON text. */
function toInputText(input: unknown): string {
  if (typeof input === "string") return input;
  return input === undefined || input === null ? "" : JSON.stringify(input);
}
