import { type Schema, Validator } from "@cfworker/json-schema";
import type { JsonValue } from "../contract/json.ts";
import type { Tool, ToolCall } from "../contract/tool.ts";

/** Cached validators by tool. */
export type ToolValidators = Map<Tool, Validator>;

/**
 * Validates the arguments of a tool call against the schema of the tool. Sets `invalid` to the reason if they do not fit; a call that is
 * already invalid is returned unchanged.
 */
export function checkToolCall(
  call: ToolCall,
  tools: Readonly<Record<string, Tool>> | undefined,
  validators: ToolValidators = new Map(),
): ToolCall {
  const tool = tools?.[call.name];
  if (call.invalid !== null || tool === undefined) return call;
  return { ...call, invalid: misfit(call.input, tool, validators) };
}

function misfit(input: JsonValue, tool: Tool, validators: ToolValidators): string | null {
  try {
    const known = validators.get(tool);
    // The validator's type is narrower than JSON; it ignores unknown keywords.
    const validator = known ?? new Validator(tool.inputSchema as Schema, "2020-12");
    if (known === undefined) validators.set(tool, validator);
    const { valid, errors } = validator.validate(input);
    if (valid) return null;
    const error = errors.at(-1);
    return `the arguments do not fit the schema: ${error === undefined ? "invalid" : `${error.instanceLocation} ${error.error}`}`;
  } catch (thrown) {
    return `the schema cannot be checked: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}
