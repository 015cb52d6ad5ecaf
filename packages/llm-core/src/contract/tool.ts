import type { JsonObject, JsonValue } from "./json.ts";

/** A function the model may ask to be called. Running it is the caller's part. */
export interface Tool {
  /** What the tool does, for the model. */
  readonly description?: string | undefined;
  /** JSON Schema of the arguments: an object schema. */
  readonly inputSchema: JsonObject;
  /** Ask the vendor to hold the arguments to the schema, where it can. Default: the vendor's default. */
  readonly strict?: boolean | undefined;
}

/** Whether and which tool the model must call. Default `auto`. */
export type ToolChoice = "auto" | "none" | "required" | { readonly tool: string };

/** A tool call the model asked for. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The parsed arguments; `null` when `rawInput` is no JSON. */
  readonly input: JsonValue;
  /** The arguments exactly as the model wrote them. */
  readonly rawInput: string;
  /** Why the call cannot be used as it is (unknown tool, no JSON, not of the schema); `null` when it can. */
  readonly invalid: string | null;
}
