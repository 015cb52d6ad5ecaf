import { isRecord } from "@babylon/llm-core";
import type { ReasoningVisibility, SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { optionalNumber, optionalWord, requiredObject } from "../openai-wire/check-fields.ts";
import { type ChatRules, completeAsk, readChatRequest } from "../openai-wire/read-chat-request.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { LORA, WANDB_MODELS, type WandbModel } from "./wandb-models.ts";

/**
 * W&B's fields besides the shared ones: documented ones, and those of the OpenAI-compatible stack below. `max_completion_tokens` is not among
 * them: W&B does not document the field of the limit, and every such stack accepts `max_tokens`.
 */
const FIELDS: readonly string[] = ["cache_salt", "chat_template_kwargs", "min_p", "repetition_penalty", "top_k"];

/**
 * Reads a chat completion as W&B Inference would.
 *
 * @throws RequestRefusedError
 */
export function checkWandbRequest(
  body: unknown,
  limitsOf: (id: string, model: WandbModel) => WandbModel,
  isServed: (adapter: string) => boolean,
): SimulatedRequest {
  const request = readChatRequest(body, { modelOf: (id) => limitsOf(id, modelOf(id, isServed)), rulesOf });
  const { fields, ask, model } = request;
  const reasoning = reasoningOf(fields, model);
  if (fields.cache_salt !== undefined && (typeof fields.cache_salt !== "string" || fields.cache_salt === "")) {
    throw new RequestRefusedError(
      "value",
      "cache_salt",
      "Parameter 'cache_salt' must be a non-empty string if provided.",
    );
  }
  const maxTokens = optionalNumber(fields, "max_tokens", { min: 1, whole: true });
  refuseOverflow(ask.inputTokens, maxTokens, model.contextTokens);
  return completeAsk(request, maxTokens, reasoning);
}

const LORA_MODEL: WandbModel = { contextTokens: null, images: false, thinking: "none" };

function modelOf(id: string, isServed: (adapter: string) => boolean): WandbModel {
  const known = WANDB_MODELS[id] ?? (LORA.test(id) && isServed(id) ? LORA_MODEL : undefined);
  if (known !== undefined) return known;
  throw new RequestRefusedError("model-not-found", null, "The requested resource was not found");
}

const rulesOf = (model: WandbModel): ChatRules => ({
  fields: FIELDS,
  roles: ["system", "user", "assistant", "tool"],
  assistantFields: ["reasoning", "reasoning_content", "refusal"],
  images: model.images
    ? true
    : () => new RequestRefusedError("other", null, "At most 0 image(s) may be provided in one prompt."),
  checkStrictTool: () => {},
});

function reasoningOf(fields: Fields, model: WandbModel): ReasoningVisibility {
  const effort = optionalWord(fields, "reasoning_effort", ["low", "medium", "high"]);
  if (effort !== null && model.thinking === "none") {
    throw new RequestRefusedError(
      "unsupported-parameter",
      "reasoning_effort",
      "reasoning_effort is not supported by this model",
    );
  }
  if (fields.chat_template_kwargs === undefined)
    return model.thinking === "none" || model.thinking === "off" ? "none" : "visible";
  const kwargs = requiredObject(fields.chat_template_kwargs, "chat_template_kwargs");
  const enabled = isRecord(kwargs) ? kwargs.enable_thinking : undefined;
  if (model.thinking === "none") return "none";
  if (model.thinking === "always") return "visible";
  return (enabled ?? model.thinking === "on") === true ? "visible" : "none";
}

function refuseOverflow(inputTokens: number, maxTokens: number | null, contextTokens: number | null): void {
  if (contextTokens === null) return;
  const text = `This model's maximum context length is ${contextTokens} tokens.`;
  if (inputTokens > contextTokens) {
    const message = `${text} However, you requested ${inputTokens} tokens in the messages. Please reduce the length of the messages.`;
    throw new RequestRefusedError("context-length", null, message);
  }
  if (maxTokens !== null && inputTokens + maxTokens > contextTokens) {
    const message = `'max_tokens' or 'max_completion_tokens' is too large: ${maxTokens}. ${text.slice(0, -1)} and your request has ${inputTokens} input tokens (${maxTokens} > ${contextTokens} - ${inputTokens}).`;
    throw new RequestRefusedError("context-length", "max_tokens", message);
  }
}
