import { isRecord } from "@babylon/llm-core";
import type { CacheWrites, Serving, SimulatedRequest } from "../answer/simulated-request.ts";
import { promptTokens } from "../answer/tokens.ts";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { checkClaudeMessages, type ReadConversation } from "./check-claude-messages.ts";
import { outputOf, thinkingOf } from "./check-claude-output.ts";
import { toolChoiceOf, toolsOf } from "./check-claude-tools.ts";
import { CLAUDE_MODELS, type ClaudeModel } from "./claude-models.ts";
import { refuseField } from "./refuse-field.ts";

/** `MessageCreateParams` of `@anthropic-ai/sdk` 1.12 (2026-11-20), and the sampling options of the previous version. */
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

/**
 * Reads a message request as Anthropic would.
 *
 * @throws RequestRefusedError
 */
export function checkClaudeRequest(
  body: unknown,
  version: string,
  limitsOf: (id: string, model: ClaudeModel) => ClaudeModel,
): SimulatedRequest {
  if (!isRecord(body)) throw new RequestRefusedError("type", null, "The request body is not valid JSON");
  if (typeof body.model !== "string") throw refuseField("model", "Field required");
  for (const name of Object.keys(body)) {
    if (!FIELDS.has(name)) throw refuseField(name, "Extra inputs are not permitted");
  }
  const known = CLAUDE_MODELS[body.model];
  if (known === undefined) throw new RequestRefusedError("model-not-found", null, `model: ${body.model}`);
  const model = limitsOf(body.model, known);
  const maxTokens = maxTokensOf(body, body.model, model);
  refuseSampling(body, version, model);
  const conversation = checkClaudeMessages(body.messages, body.model, version === NEW_VERSION);
  if (conversation.prefilled && !model.prefill) {
    const message =
      "This model does not support assistant message prefill. The conversation must end with a user message.";
    throw new RequestRefusedError("other", null, message);
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
    cacheWrites: cacheWritesOf(body),
    serving: servingOf(body),
  };
}

/** The longest lifetime of all `cache_control` fields. */
function cacheWritesOf({ cache_control: own, system, tools, messages }: Fields): CacheWrites {
  const marks = [own, ...[system, tools, messages].flatMap(marksIn)].filter(isRecord);
  if (marks.length === 0) return "none";
  return marks.some(({ ttl }) => ttl === "1h") ? "1h" : "5m";
}

/** The `cache_control` values in a list of blocks, tools or messages. */
function marksIn(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).flatMap(({ cache_control: own, content }) => [own, ...marksIn(content)]);
}

/** Without a commitment of the customer, `auto` is served as standard. */
function servingOf(body: Fields): Serving {
  oneOf(body, "service_tier", ["auto", "standard_only"]);
  const speed = oneOf(body, "speed", ["standard", "fast"]);
  const region = typeof body.inference_geo === "string" ? body.inference_geo : null;
  return { serviceTier: "standard", speed: speed ?? "standard", region: region ?? "global" };
}

function oneOf(body: Fields, name: string, words: readonly string[]): string | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && words.includes(value)) return value;
  throw refuseField(name, `Input should be ${words.map((word) => `'${word}'`).join(" or ")}`);
}

function maxTokensOf(body: Fields, id: string, { maxOutputTokens }: ClaudeModel): number {
  const value = body.max_tokens;
  if (value === undefined) throw refuseField("max_tokens", "Field required");
  if (typeof value !== "number" || !Number.isInteger(value))
    throw refuseField("max_tokens", "Input should be a valid integer");
  if (value < 1) throw refuseField("max_tokens", "must be greater than or equal to 1");
  if (maxOutputTokens !== null && value > maxOutputTokens) {
    throw refuseField(
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
    if (version === NEW_VERSION) throw refuseField(name, "Extra inputs are not permitted");
    if (!model.sampling) throw new RequestRefusedError("other", null, `\`${name}\` is not supported for this model.`);
    if (typeof value !== "number") throw refuseField(name, "Input should be a valid number");
    if (name !== "top_k" && (value < 0 || value > 1)) throw refuseField(name, "range: 0..1");
  }
}

/** A prefill may not end with white space. */
function refuseTrailingBlank({ messages }: Fields, { prefilled }: ReadConversation): void {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (!prefilled || !isRecord(last)) return;
  const block: unknown = Array.isArray(last.content) ? last.content.at(-1) : { type: "text", text: last.content };
  if (!isRecord(block) || typeof block.text !== "string" || block.text === block.text.trimEnd()) return;
  throw new RequestRefusedError("other", null, "messages: final assistant content cannot end with trailing whitespace");
}

function systemOf({ system }: Fields): string {
  if (system === undefined) return "";
  if (typeof system === "string") return system;
  if (!Array.isArray(system)) throw refuseField("system", "Input should be a valid string or array");
  return system
    .map((block: unknown, index) => {
      if (!isRecord(block) || block.type !== "text" || typeof block.text !== "string") {
        throw refuseField(`system.${index}`, "Input should be a text block");
      }
      if (block.text === "") throw refuseField("system", "text content blocks must be non-empty");
      return block.text;
    })
    .join("\n");
}

function streamOf({ stream }: Fields): boolean {
  if (stream === undefined) return false;
  if (typeof stream === "boolean") return stream;
  throw refuseField("stream", "Input should be a valid boolean");
}

function stopOf({ stop_sequences: stop }: Fields): readonly string[] {
  if (stop === undefined) return [];
  if (!Array.isArray(stop)) throw refuseField("stop_sequences", "Input should be a valid array");
  return stop.map((one: unknown, index) => {
    if (typeof one === "string" && one.trim() !== "") return one;
    throw refuseField(`stop_sequences.${index}`, "each stop sequence must contain non-whitespace");
  });
}

function refuseOverflow(inputTokens: number, maxTokens: number, contextTokens: number | null): void {
  if (contextTokens === null) return;
  if (inputTokens > contextTokens) {
    throw new RequestRefusedError(
      "context-length",
      null,
      `prompt is too long: ${inputTokens} tokens > ${contextTokens} maximum`,
    );
  }
  if (inputTokens + maxTokens > contextTokens) {
    const sum = `${inputTokens} + ${maxTokens} > ${contextTokens}`;
    const message = `input length and \`max_tokens\` exceed context limit: ${sum}, decrease input length or \`max_tokens\` and try again`;
    throw new RequestRefusedError("context-length", null, message);
  }
}
