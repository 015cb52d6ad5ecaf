import { isRecord, type JsonObject } from "@babylon/llm-core";
import type { Ask, AskedTool, ReasoningShown } from "../answer/ask.ts";
import { promptTokens } from "../answer/tokens.ts";
import { RequestRefused } from "../refusal.ts";
import { checkClaudeMessages, type ReadConversation } from "./check-claude-messages.ts";
import { checkClaudeSchema } from "./check-claude-schema.ts";
import { CLAUDE_MODELS, type ClaudeModel } from "./claude-models.ts";

/** `MessageCreateParams` of `@anthropic-ai/sdk` 1.12 (2026-11-20), and the sampling options of the version before. */
const FIELDS: ReadonlySet<string> = new Set([
  "cache_control",
  "container",
  "diagnostics",
  "inference_geo",
  "max_tokens",
  "messages",
  "metadata",
  "model",
  "output_config",
  "service_tier",
  "speed",
  "stop_sequences",
  "stream",
  "system",
  "temperature",
  "thinking",
  "tool_choice",
  "tools",
  "top_k",
  "top_p",
  "user_profile_id",
  "workspace_id",
]);

/** The version without sampling options. */
export const NEW_VERSION = "2026-10-21";

type Fields = Readonly<Record<string, unknown>>;

const refuse = (path: string, message: string): RequestRefused =>
  new RequestRefused("other", path, `${path}: ${message}`);

/**
 * Reads a message request as Anthropic would.
 *
 * @throws RequestRefused
 */
export function checkClaudeRequest(
  body: unknown,
  version: string,
  limitsOf: (id: string, model: ClaudeModel) => ClaudeModel,
): Ask {
  if (!isRecord(body)) throw new RequestRefused("type", null, "The request body is not valid JSON");
  if (typeof body.model !== "string") throw refuse("model", "Field required");
  for (const name of Object.keys(body)) {
    if (!FIELDS.has(name)) throw refuse(name, "Extra inputs are not permitted");
  }
  const known = CLAUDE_MODELS[body.model];
  if (known === undefined) throw new RequestRefused("model-not-found", null, `model: ${body.model}`);
  const model = limitsOf(body.model, known);
  const maxTokens = maxTokensOf(body, body.model, model);
  refuseSampling(body, version, model);
  const conversation = checkClaudeMessages(body.messages, body.model, version === NEW_VERSION);
  if (conversation.prefilled && !model.prefill) {
    const message =
      "This model does not support assistant message prefill. The conversation must end with a user message.";
    throw new RequestRefused("other", null, message);
  }
  refuseTrailingBlank(body, conversation);
  const system = systemOf(body);
  const tools = toolsOf(body);
  const toolChoice = toolChoiceOf(body, tools, model);
  const { format, chars } = outputOf(body, model);
  const toolChars = tools.length === 0 ? 0 : JSON.stringify(tools).length;
  const inputTokens = promptTokens(conversation.text.length + system.length + toolChars + chars, conversation.count);
  refuseOverflow(inputTokens, maxTokens, model.contextTokens);
  return {
    model: body.model,
    stream: streamOf(body),
    streamUsage: true,
    obfuscated: false,
    prompt: `${system}\n${conversation.text}`,
    lastUserText: conversation.lastUserText,
    inputTokens,
    maxOutputTokens: maxTokens,
    stop: stopOf(body),
    format,
    tools,
    toolChoice: toolChoice.choice,
    parallelToolCalls: toolChoice.parallel,
    reasoning: thinkingOf(body, maxTokens, model),
  };
}

function maxTokensOf(body: Fields, id: string, { maxOutputTokens }: ClaudeModel): number {
  const value = body.max_tokens;
  if (value === undefined) throw refuse("max_tokens", "Field required");
  if (typeof value !== "number" || !Number.isInteger(value))
    throw refuse("max_tokens", "Input should be a valid integer");
  if (value < 1) throw refuse("max_tokens", "must be greater than or equal to 1");
  if (maxOutputTokens !== null && value > maxOutputTokens) {
    throw refuse(
      "max_tokens",
      `${value} > ${maxOutputTokens}, which is the maximum allowed number of output tokens for ${id}`,
    );
  }
  return value;
}

function refuseSampling(body: Fields, version: string, model: ClaudeModel): void {
  for (const name of ["temperature", "top_p", "top_k"]) {
    const value = body[name];
    if (value === undefined) continue;
    if (version === NEW_VERSION) throw refuse(name, "Extra inputs are not permitted");
    if (!model.sampling) throw new RequestRefused("other", null, `\`${name}\` is not supported for this model.`);
    if (typeof value !== "number") throw refuse(name, "Input should be a valid number");
    if (name !== "top_k" && (value < 0 || value > 1)) throw refuse(name, "range: 0..1");
  }
}

/** Text that the model is to continue may not end in a blank. */
function refuseTrailingBlank({ messages }: Fields, { prefilled }: ReadConversation): void {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (!prefilled || !isRecord(last)) return;
  const block: unknown = Array.isArray(last.content) ? last.content.at(-1) : { type: "text", text: last.content };
  if (!isRecord(block) || typeof block.text !== "string" || block.text === block.text.trimEnd()) return;
  throw new RequestRefused("other", null, "messages: final assistant content cannot end with trailing whitespace");
}

function systemOf({ system }: Fields): string {
  if (system === undefined) return "";
  if (typeof system === "string") return system;
  if (!Array.isArray(system)) throw refuse("system", "Input should be a valid string or array");
  return system
    .map((block: unknown, index) => {
      if (!isRecord(block) || block.type !== "text" || typeof block.text !== "string") {
        throw refuse(`system.${index}`, "Input should be a text block");
      }
      if (block.text === "") throw refuse("system", "text content blocks must be non-empty");
      return block.text;
    })
    .join("\n");
}

const TOOL_FIELDS = ["name", "description", "input_schema", "strict", "cache_control", "type"];

function toolsOf({ tools }: Fields): AskedTool[] {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) throw refuse("tools", "Input should be a valid array");
  const names = new Set<string>();
  return tools.map((tool: unknown, index) => {
    const path = `tools.${index}`;
    if (!isRecord(tool)) throw refuse(path, "Input should be an object");
    const custom = `${path}.custom`;
    for (const field of Object.keys(tool)) {
      if (!TOOL_FIELDS.includes(field)) throw refuse(`${custom}.${field}`, "Extra inputs are not permitted");
    }
    if (typeof tool.name !== "string" || !/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)) {
      throw refuse(`${custom}.name`, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
    }
    if (names.has(tool.name)) throw refuse("tools", "Tool names must be unique.");
    names.add(tool.name);
    const schema = tool.input_schema;
    if (!isRecord(schema)) throw refuse(`${custom}.input_schema`, "Field required");
    if (schema.type !== "object") throw refuse(`${custom}.input_schema.type`, "Input should be 'object'");
    if (tool.strict === true) checkClaudeSchema(schema, `${custom}.input_schema`);
    // A parsed JSON object is a JsonObject.
    return { name: tool.name, schema: schema as JsonObject };
  });
}

function toolChoiceOf(
  { tool_choice: value }: Fields,
  tools: readonly AskedTool[],
  model: ClaudeModel,
): { readonly choice: Ask["toolChoice"]; readonly parallel: boolean } {
  if (value === undefined) return { choice: "auto", parallel: true };
  if (!isRecord(value)) throw refuse("tool_choice", "Input should be an object");
  if (tools.length === 0) throw refuse("tool_choice", "may only be specified while providing tools");
  const parallel = value.disable_parallel_tool_use !== true;
  if (value.type === "auto" || value.type === "none") return { choice: value.type, parallel };
  if (value.type !== "any" && value.type !== "tool") {
    const known = "'auto', 'any', 'tool', 'none'";
    throw refuse(
      "tool_choice",
      `Input tag '${String(value.type)}' found using 'type' does not match any of the expected tags: ${known}`,
    );
  }
  if (!model.forcedToolChoice) {
    throw new RequestRefused(
      "other",
      null,
      `tool_choice: type \`${value.type}\` is not supported for this model. Use \`auto\` or \`none\`.`,
    );
  }
  if (value.type === "any") return { choice: "required", parallel };
  if (!tools.some(({ name }) => name === value.name))
    throw refuse("tool_choice", `Tool '${String(value.name)}' not found in provided tools`);
  return { choice: { tool: String(value.name) }, parallel };
}

function outputOf(
  { output_config: config }: Fields,
  model: ClaudeModel,
): { readonly format: Ask["format"]; readonly chars: number } {
  const none = { format: { type: "text" }, chars: 0 } as const;
  if (config === undefined) return none;
  if (!isRecord(config)) throw refuse("output_config", "Input should be an object");
  for (const field of Object.keys(config)) {
    if (field !== "effort" && field !== "format")
      throw refuse(`output_config.${field}`, "Extra inputs are not permitted");
  }
  const { effort, format } = config;
  if (effort !== undefined && effort !== null) {
    if (!["low", "medium", "high", "xhigh", "max"].includes(String(effort))) {
      throw refuse("output_config.effort", "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    }
    if (!model.effort) throw new RequestRefused("other", null, "This model does not support the effort parameter.");
  }
  if (format === undefined || format === null) return none;
  if (!isRecord(format) || format.type !== "json_schema")
    throw refuse("output_config.format.type", "Input should be 'json_schema'");
  for (const field of Object.keys(format)) {
    if (field !== "type" && field !== "schema")
      throw refuse(`output_config.format.${field}`, "Extra inputs are not permitted");
  }
  if (!isRecord(format.schema)) throw refuse("output_config.format.schema", "Field required");
  checkClaudeSchema(format.schema, "output_config.format.schema");
  // A parsed JSON object is a JsonObject.
  return {
    format: { type: "schema", schema: format.schema as JsonObject },
    chars: JSON.stringify(format.schema).length,
  };
}

function thinkingOf({ thinking }: Fields, maxTokens: number, model: ClaudeModel): ReasoningShown {
  if (thinking === undefined) return model.thinksByDefault ? "silent" : "none";
  if (!isRecord(thinking)) throw refuse("thinking", "Input should be an object");
  const type = model.thinking.find((one) => one === thinking.type);
  if (type === undefined) {
    const known = model.thinking.map((one) => `\`${one}\``).join(", ");
    throw new RequestRefused(
      "other",
      null,
      `thinking.type: \`${String(thinking.type)}\` is not supported for this model. Supported: ${known}.`,
    );
  }
  if (type === "enabled") {
    const budget = thinking.budget_tokens;
    if (typeof budget !== "number") throw refuse("thinking.enabled.budget_tokens", "Field required");
    if (budget < 1_024) throw refuse("thinking.enabled.budget_tokens", "Input should be greater than or equal to 1024");
    if (budget >= maxTokens)
      throw new RequestRefused("other", null, "`max_tokens` must be greater than `thinking.budget_tokens`.");
    return "visible";
  }
  if (thinking.budget_tokens !== undefined)
    throw refuse(`thinking.${type}.budget_tokens`, "Extra inputs are not permitted");
  if (type !== "adaptive") return "none";
  return thinking.display === "summarized" ? "visible" : "silent";
}

function streamOf({ stream }: Fields): boolean {
  if (stream === undefined) return false;
  if (typeof stream === "boolean") return stream;
  throw refuse("stream", "Input should be a valid boolean");
}

function stopOf({ stop_sequences: stop }: Fields): readonly string[] {
  if (stop === undefined) return [];
  if (!Array.isArray(stop)) throw refuse("stop_sequences", "Input should be a valid array");
  return stop.map((one: unknown, index) => {
    if (typeof one === "string" && one.trim() !== "") return one;
    throw refuse(`stop_sequences.${index}`, "each stop sequence must contain non-whitespace");
  });
}

function refuseOverflow(inputTokens: number, maxTokens: number, contextTokens: number | null): void {
  if (contextTokens === null) return;
  if (inputTokens > contextTokens) {
    throw new RequestRefused(
      "context-length",
      null,
      `prompt is too long: ${inputTokens} tokens > ${contextTokens} maximum`,
    );
  }
  if (inputTokens + maxTokens > contextTokens) {
    const sum = `${inputTokens} + ${maxTokens} > ${contextTokens}`;
    const message = `input length and \`max_tokens\` exceed context limit: ${sum}, decrease input length or \`max_tokens\` and try again`;
    throw new RequestRefused("context-length", null, message);
  }
}
