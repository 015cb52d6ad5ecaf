import { type Schema, Validator } from "@cfworker/json-schema";
import type { JsonValue } from "../json.ts";
import type { Tool, ToolCall } from "../tool.ts";

/**
 * Holds the arguments of a tool call against the tool's schema. A call that is wrong is kept and says in `invalid` why; one that is
 * wrong already stays as it is.
 */
export function checkToolCall(call: ToolCall, tools: Readonly<Record<string, Tool>> | undefined): ToolCall {
  const tool = tools?.[call.name];
  if (call.invalid !== null || tool === undefined) return call;
  return { ...call, invalid: misfit(call.input, tool) };
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
