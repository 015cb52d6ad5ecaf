import { type Schema, Validator } from "@cfworker/json-schema";
import type { JsonValue } from "../json.ts";
import type { Tool, ToolCall } from "../tool.ts";

/**
 * Reads a tool call the model wrote and validates its arguments against the tool's schema. A call that is wrong is kept and says in
 * `invalid` why. An empty text stands for no arguments: `{}`.
 */
export function checkToolCall(
  call: { readonly id: string; readonly name: string; readonly inputText: string },
  tools: Readonly<Record<string, Tool>> | undefined,
): ToolCall {
  const { id, name, inputText } = call;
  const found = { id, name, rawInput: inputText };
  let input: JsonValue;
  try {
    input = inputText.trim() === "" ? {} : (JSON.parse(inputText) as JsonValue);
  } catch {
    return { ...found, input: null, invalid: "the arguments are no JSON" };
  }
  const tool = tools !== undefined && Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) return { ...found, input, invalid: `there is no tool ${name}` };
  return { ...found, input, invalid: misfit(input, tool) };
}

function misfit(input: JsonValue, tool: Tool): string | null {
  try {
    // The validator's own type of a schema is narrower than JSON; what it does not know it skips.
    const { valid, errors } = new Validator(tool.inputSchema as Schema, "2020-12").validate(input);
    if (valid) return null;
    const [error] = errors.slice(-1);
    return `the arguments do not fit the schema: ${error === undefined ? "invalid" : `${error.instanceLocation} ${error.error}`}`;
  } catch (thrown) {
    return `the schema cannot be checked: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}
