import type { JsonObject, JsonValue } from "./json.ts";

/** A function that the model may call. The caller runs it. */
export interface Tool {
  /** What the tool does, for the model. */
  readonly description?: string | undefined;
  /** JSON Schema of the arguments; its type must be `object`. */
  readonly inputSchema: JsonObject;
  /** Enforce the schema for the arguments, where the vendor supports it. Default: the vendor's default. */
  readonly strict?: boolean | undefined;
}

/** Whether and which tool the model must call. Default `auto`. */
export type ToolChoice = "auto" | "none" | "required" | { readonly tool: string };

/** A tool call in an answer. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The parsed arguments; `null` if `rawInput` is not JSON. */
  readonly input: JsonValue;
  /** The arguments exactly as the model produced them. */
  readonly rawInput: string;
  /** Why the call is invalid (unknown tool, arguments that are not JSON or do not match the schema); `null`: it is valid. */
  readonly invalid: string | null;
}
