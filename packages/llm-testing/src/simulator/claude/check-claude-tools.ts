import { isRecord, type JsonObject } from "@babylon/llm-core";
import type { RequestedTool, SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { checkClaudeSchema } from "./check-claude-schema.ts";
import type { ClaudeModel } from "./claude-models.ts";
import { refuseField } from "./refuse-field.ts";

const TOOL_FIELDS = ["name", "description", "input_schema", "strict", "cache_control", "type"];

/** Reads `tools`. */
export function toolsOf({ tools }: Fields): RequestedTool[] {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) throw refuseField("tools", "Input should be a valid array");
  const names = new Set<string>();
  return tools.map((tool: unknown, index) => {
    const path = `tools.${index}`;
    if (!isRecord(tool)) throw refuseField(path, "Input should be an object");
    const custom = `${path}.custom`;
    for (const field of Object.keys(tool)) {
      if (!TOOL_FIELDS.includes(field)) throw refuseField(`${custom}.${field}`, "Extra inputs are not permitted");
    }
    if (typeof tool.name !== "string" || !/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)) {
      throw refuseField(`${custom}.name`, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
    }
    if (names.has(tool.name)) throw refuseField("tools", "Tool names must be unique.");
    names.add(tool.name);
    const schema = tool.input_schema;
    if (!isRecord(schema)) throw refuseField(`${custom}.input_schema`, "Field required");
    if (schema.type !== "object") throw refuseField(`${custom}.input_schema.type`, "Input should be 'object'");
    if (tool.strict === true) checkClaudeSchema(schema, `${custom}.input_schema`);
    // A parsed JSON object is a JsonObject.
    return { name: tool.name, schema: schema as JsonObject };
  });
}

/** Reads `tool_choice`. Newer models refuse a forced tool. */
export function toolChoiceOf(
  { tool_choice: value }: Fields,
  tools: readonly RequestedTool[],
  model: ClaudeModel,
): { readonly choice: SimulatedRequest["toolChoice"]; readonly parallel: boolean } {
  if (value === undefined) return { choice: "auto", parallel: true };
  if (!isRecord(value)) throw refuseField("tool_choice", "Input should be an object");
  if (tools.length === 0) throw refuseField("tool_choice", "may only be specified while providing tools");
  const parallel = value.disable_parallel_tool_use !== true;
  if (value.type === "auto" || value.type === "none") return { choice: value.type, parallel };
  if (value.type !== "any" && value.type !== "tool") {
    const known = "'auto', 'any', 'tool', 'none'";
    throw refuseField(
      "tool_choice",
      `Input tag '${String(value.type)}' found using 'type' does not match any of the expected tags: ${known}`,
    );
  }
  if (!model.forcedToolChoice) {
    throw new RequestRefusedError(
      "other",
      null,
      `tool_choice: type \`${value.type}\` is not supported for this model. Use \`auto\` or \`none\`.`,
    );
  }
  if (value.type === "any") return { choice: "required", parallel };
  if (!tools.some(({ name }) => name === value.name))
    throw refuseField("tool_choice", `Tool '${String(value.name)}' not found in provided tools`);
  return { choice: { tool: String(value.name) }, parallel };
}
