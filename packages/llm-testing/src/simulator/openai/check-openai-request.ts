import type { ReasoningEffort } from "@babylon/llm-core";
import type { Ask } from "../answer/ask.ts";
import { type Fields, optionalNumber, optionalWord } from "../openai-wire/check-fields.ts";
import { type ChatRules, completeAsk, readChatRequest } from "../openai-wire/read-chat-request.ts";
import { RequestRefused } from "../refusal.ts";
import { checkStrictSchema } from "./check-strict-schema.ts";
import { OPENAI_MODELS, type OpenAIModel } from "./openai-models.ts";

/** `ChatCompletionCreateParams` of `openai` 7.57 (2026-11-13). */
const FIELDS: ReadonlySet<string> = new Set([
  "audio",
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "messages",
  "metadata",
  "modalities",
  "model",
  "moderation",
  "n",
  "parallel_tool_calls",
  "prediction",
  "presence_penalty",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning_effort",
  "response_format",
  "safety_identifier",
  "seed",
  "service_tier",
  "stop",
  "store",
  "stream",
  "stream_options",
  "temperature",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "user",
  "verbosity",
  "web_search_options",
]);

const RULES: ChatRules = {
  fields: FIELDS,
  roles: ["system", "developer", "user", "assistant", "tool"],
  assistantFields: ["refusal", "audio"],
  images: true,
  checkStrictTool: (schema, name, path) =>
    checkStrictSchema(schema, `function '${name}'`, path, "invalid_function_parameters"),
};

/**
 * Reads a chat completion as OpenAI would, with the quirks of its reasoning models.
 *
 * @throws RequestRefused
 */
export function checkOpenAIRequest(body: unknown, limitsOf: (id: string, model: OpenAIModel) => OpenAIModel): Ask {
  let model: OpenAIModel | undefined;
  const request = readChatRequest(body, (id) => {
    const known = OPENAI_MODELS[id];
    if (known === undefined) {
      const message = `The model \`${id}\` does not exist or you do not have access to it.`;
      throw new RequestRefused("model-not-found", null, message);
    }
    model = limitsOf(id, known);
    return RULES;
  });
  if (model === undefined) throw new RequestRefused("missing", "model", "you must provide a model parameter");
  const { fields, ask, format } = request;
  const effort = effortOf(fields, ask.model, model);
  if (model.efforts.length > 0) refuseSampling(fields, effort);
  if (ask.stop.length > 0 && !model.takesStop) throw unsupported("stop");
  if (model.toolsNeedNoEffort && ask.tools.length > 0 && effort !== "none") {
    const message = `Function tools with reasoning_effort are not supported for ${ask.model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`;
    throw new RequestRefused("other", "reasoning_effort", message);
  }
  if (format.strict === true && format.format.type === "schema") {
    checkStrictSchema(format.format.schema, `response_format '${format.name}'`, "response_format", null);
  }
  optionalWord(fields, "service_tier", ["auto", "default", "flex", "scale", "priority", "fast"]);
  optionalWord(fields, "verbosity", ["low", "medium", "high"]);
  const maxOutputTokens = maxTokensOf(fields, model);
  refuseOverflow(ask.inputTokens, model.contextTokens);
  const silent = model.efforts.length > 0 && effort !== "none";
  return completeAsk(request, maxOutputTokens, silent ? "silent" : "none");
}

const unsupported = (name: string): RequestRefused =>
  new RequestRefused(
    "unsupported-parameter",
    name,
    `Unsupported parameter: '${name}' is not supported with this model.`,
  );

function effortOf(fields: Fields, id: string, model: OpenAIModel): ReasoningEffort | null {
  const value = fields.reasoning_effort;
  if (value === undefined || value === null) return null;
  if (model.efforts.length === 0) {
    throw new RequestRefused(
      "unknown",
      "reasoning_effort",
      "Unrecognized request argument supplied: reasoning_effort",
      "unrecognized",
    );
  }
  const effort = model.efforts.find((one) => one === value);
  if (effort !== undefined) return effort;
  const known = model.efforts.map((one) => `'${one}'`).join(", ");
  const message = `Unsupported value: 'reasoning_effort' does not support '${String(value)}' with ${id}. Supported values are: ${known}.`;
  throw new RequestRefused("unsupported-value", "reasoning_effort", message);
}

/** Reasoning models take sampling options at their defaults alone; all of them when they do not reason. */
function refuseSampling(fields: Fields, effort: ReasoningEffort | null): void {
  if (effort === "none") return;
  for (const name of ["temperature", "top_p"] as const) {
    const value = fields[name];
    if (value === undefined || value === null || value === 1) continue;
    const message = `Unsupported value: '${name}' does not support ${String(value)} with this model. Only the default (1) value is supported.`;
    throw new RequestRefused("unsupported-value", name, message);
  }
  for (const name of ["presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs"]) {
    const value = fields[name];
    if (value !== undefined && value !== null && value !== 0 && value !== false) throw unsupported(name);
  }
}

function maxTokensOf(fields: Fields, model: OpenAIModel): number | null {
  const older = optionalNumber(fields, "max_tokens", { min: 1, whole: true });
  const newer = optionalNumber(fields, "max_completion_tokens", { min: 1, whole: true });
  if (older !== null && model.efforts.length > 0) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    throw new RequestRefused("unsupported-parameter", "max_tokens", message);
  }
  if (older !== null && newer !== null) {
    const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
    throw new RequestRefused("value", "max_tokens", message, "invalid_parameter_combination");
  }
  const asked = newer ?? older;
  const most = model.maxOutputTokens;
  if (asked !== null && most !== null && asked > most) {
    const name = newer === null ? "max_tokens" : "max_completion_tokens";
    const message = `${name} is too large: ${asked}. This model supports at most ${most} completion tokens, whereas you provided ${asked}.`;
    throw new RequestRefused("value", name, message);
  }
  return asked;
}

function refuseOverflow(inputTokens: number, contextTokens: number | null): void {
  if (contextTokens === null || inputTokens <= contextTokens) return;
  const message = `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${inputTokens} tokens. Please reduce the length of the messages.`;
  throw new RequestRefused("context-length", "messages", message);
}
