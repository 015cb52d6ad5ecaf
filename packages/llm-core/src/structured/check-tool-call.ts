import { type Schema, Validator } from "@cfworker/json-schema";
import { toToolCall } from "../call/answer.ts";
import type { JsonValue } from "../json.ts";
import type { Tool, ToolCall } from "../tool.ts";

/**
 * Reads a tool call the model wrote and validates its arguments against the tool's schema. A call that is wrong is kept and says in
 * `invalid` why.
 */
export function checkToolCall(
  call: { readonly id: string; readonly name: string; readonly inputText: string },
  tools: Readonly<Record<string, Tool>> | undefined,
): ToolCall {
  const read = toToolCall(call, tools);
  const tool = tools?.[call.name];
  if (read.invalid !== null || tool === undefined) return read;
  return { ...read, invalid: misfit(read.input, tool) };
}

function misfit(input: JsonValue, tool: Tool): string | null {
  try {
    // The validator's own type of a schema is narrower than JSON; what it does not know it skips.
    const { valid, errors } = new Validator(tool.inputSchema as Schema, "2020-12").validate(input);
    if (valid) return null;
    const error = errors.at(-1);
    return `the arguments do not fit the schema: ${error === undefined ? "invalid" : `${error.instanceLocation} ${error.error}`}`;
  } catch (thrown) {
    return `the schema cannot be checked: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}
