import { isRecord, type JsonObject } from "@babylon/llm-core";
import type { RequestedTool, SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { onlyKnown, requiredList, requiredObject, requiredString } from "./check-fields.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The tools of a request. */
export type AskedTools = Pick<SimulatedRequest, "tools" | "toolChoice">;

/**
 * Checks `tools` and `tool_choice`.
 *
 * @param checkStrict - called for the parameters of a tool with `strict: true`
 */
export function checkTools(
  body: Fields,
  checkStrict: (schema: JsonObject, name: string, path: string) => void,
): AskedTools {
  const tools = body.tools === undefined || body.tools === null ? [] : readTools(body.tools, checkStrict);
  return { tools, toolChoice: readChoice(body.tool_choice, tools) };
}

function readTools(
  value: unknown,
  checkStrict: (schema: JsonObject, name: string, path: string) => void,
): RequestedTool[] {
  const names = new Set<string>();
  return requiredList(value, "tools").map((item, index) => {
    const path = `tools[${index}]`;
    const tool = requiredObject(item, path);
    onlyKnown(tool, new Set(["type", "function"]), path);
    const type = requiredString(tool, "type", path);
    if (type !== "function") {
      throw new RequestRefusedError(
        "value",
        `${path}.type`,
        `Invalid value: '${type}'. Supported values are: 'function'.`,
      );
    }
    const called = requiredObject(tool.function, `${path}.function`);
    onlyKnown(called, new Set(["name", "description", "parameters", "strict"]), `${path}.function`);
    const name = requiredString(called, "name", `${path}.function`);
    if (!NAME.test(name)) {
      const message = `Invalid '${path}.function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
      throw new RequestRefusedError("value", `${path}.function.name`, message);
    }
    if (names.has(name)) {
      throw new RequestRefusedError("value", `${path}.function.name`, `Duplicate function name: '${name}'.`);
    }
    names.add(name);
    const schema = called.parameters ?? { type: "object", properties: {} };
    if (!isRecord(schema) || schema.type !== "object") {
      const got = isRecord(schema) ? JSON.stringify(schema.type ?? "None") : JSON.stringify(schema);
      const message = `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: ${got}'.`;
      throw new RequestRefusedError("schema", `${path}.function.parameters`, message, "invalid_function_parameters");
    }
    // A parsed JSON object is a JsonObject.
    const parameters = schema as JsonObject;
    if (called.strict === true) checkStrict(parameters, name, `${path}.function.parameters`);
    return { name, schema: parameters };
  });
}

function readChoice(value: unknown, tools: readonly RequestedTool[]): SimulatedRequest["toolChoice"] {
  if (value === undefined || value === null) return "auto";
  if (tools.length === 0 && value !== "none") {
    throw new RequestRefusedError(
      "other",
      "tool_choice",
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
    );
  }
  if (value === "auto" || value === "none" || value === "required") return value;
  if (typeof value === "string") {
    throw new RequestRefusedError(
      "value",
      "tool_choice",
      `Invalid value: '${value}'. Supported values are: 'none', 'auto', and 'required'.`,
    );
  }
  const choice = requiredObject(value, "tool_choice");
  const tool = requiredString(requiredObject(choice.function, "tool_choice.function"), "name", "tool_choice.function");
  if (tools.some(({ name }) => name === tool)) return { tool };
  throw new RequestRefusedError("value", "tool_choice", `Tool choice '${tool}' not found in 'tools' parameter.`);
}
