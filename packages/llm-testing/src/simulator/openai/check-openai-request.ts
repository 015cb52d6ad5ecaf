import type { ReasoningEffort } from "@babylon/llm-core";
import type { SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { optionalWord } from "../openai-wire/check-fields.ts";
import { effortOf, limitOf, refuseOverflow, refuseSet } from "../openai-wire/check-model.ts";
import { OPENAI_WORDS } from "../openai-wire/model-words.ts";
import { type ChatRules, completeAsk, readChatRequest } from "../openai-wire/read-chat-request.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { checkStrictSchema } from "./check-strict-schema.ts";
import { OPENAI_MODELS, type OpenAIModel } from "./openai-models.ts";

/** OpenAI's fields besides the shared ones: `ChatCompletionCreateParams` of `openai` 7.57 (2026-11-13). */
const FIELDS: readonly string[] = [
  "audio",
  "max_completion_tokens",
  "metadata",
  "modalities",
  "moderation",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
  "store",
  "verbosity",
  "web_search_options",
];

/** Models whose writes to the prompt cache are counted and billed separately (2026-11). */
const WRITES_CACHE = /^gpt-6/;

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
 * @throws RequestRefusedError
 */
export function checkOpenAIRequest(
  body: unknown,
  limitsOf: (id: string, model: OpenAIModel) => OpenAIModel,
): SimulatedRequest {
  const request = readChatRequest(body, { modelOf: (id) => limitsOf(id, modelOf(id)), rulesOf: () => RULES });
  const { fields, ask, format, model } = request;
  const effort = effortOf(fields, ask.model, model, OPENAI_WORDS);
  if (model.efforts.length > 0) refuseSampling(fields, effort);
  if (ask.stop.length > 0 && !model.takesStop) throw OPENAI_WORDS.unsupported("stop");
  if (model.toolsNeedNoEffort && ask.tools.length > 0 && effort !== "none") {
    const message = `Function tools with reasoning_effort are not supported for ${ask.model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`;
    throw new RequestRefusedError("other", "reasoning_effort", message);
  }
  if (format.strict === true && format.format.type === "schema") {
    checkStrictSchema(format.format.schema, `response_format '${format.name}'`, "response_format", null);
  }
  const tier = optionalWord(fields, "service_tier", ["auto", "default", "flex", "scale", "priority", "fast"]);
  optionalWord(fields, "verbosity", ["low", "medium", "high"]);
  refuseOlderLimit(fields, model);
  const maxOutputTokens = limitOf(fields, model, OPENAI_WORDS);
  refuseOverflow(ask.inputTokens, model, OPENAI_WORDS);
  const silent = model.efforts.length > 0 && effort !== "none";
  return completeAsk(request, maxOutputTokens, silent ? "silent" : "none", {
    serviceTier: tier === null || tier === "auto" ? "default" : tier,
    cacheWrites: WRITES_CACHE.test(ask.model) ? "automatic" : "none",
  });
}

function modelOf(id: string): OpenAIModel {
  const known = OPENAI_MODELS[id];
  if (known === undefined) throw OPENAI_WORDS.unknownModel(id);
  return known;
}

/** Reasoning models accept sampling options only with default values, unless the effort is `none`. */
function refuseSampling(fields: Fields, effort: ReasoningEffort | null): void {
  if (effort === "none") return;
  for (const name of ["temperature", "top_p"] as const) {
    const value = fields[name];
    if (value === undefined || value === null || value === 1) continue;
    const message = `Unsupported value: '${name}' does not support ${String(value)} with this model. Only the default (1) value is supported.`;
    throw new RequestRefusedError("unsupported-value", name, message);
  }
  refuseSet(fields, ["presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs"], OPENAI_WORDS);
}

/** Reasoning models accept only the newer field, the others one of the two. */
function refuseOlderLimit(fields: Fields, model: OpenAIModel): void {
  if (!isSet(fields.max_tokens)) return;
  if (model.efforts.length > 0) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    throw new RequestRefusedError("unsupported-parameter", "max_tokens", message);
  }
  if (isSet(fields.max_completion_tokens)) {
    const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
    throw new RequestRefusedError("value", "max_tokens", message, "invalid_parameter_combination");
  }
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;
