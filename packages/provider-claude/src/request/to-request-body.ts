import type { JsonObject, ModelRequest, ReasoningEffort, ResponseFormat, Tool, ToolChoice } from "@babylon/llm-core";
import { mergeBody } from "@babylon/provider-kit";
import type { RequestTraits } from "../models.ts";
import { toConversation } from "./to-conversation.ts";

/** The output limit if the caller sets none: `max_tokens` is required, and thinking counts towards it. */
const DEFAULT_MAX_TOKENS = 32_000;

/** What a body depends on besides the request. */
export interface BodySetup {
  /** The provider's id, which selects the `providerOptions` of messages and parts. */
  readonly provider: string;
  readonly traits: RequestTraits;
  readonly stream: boolean;
}

/**
 * Builds the body of `POST /v1/messages` in API version 2026-10-21, which has no sampling options and no seed. The caller's `body` is merged
 * into it, but cannot change `model` and `stream`, on which reading the reply depends.
 *
 * @throws LLMError `unsupported` for an image or a file in a form that Anthropic does not accept
 */
export function toRequestBody(request: ModelRequest, { provider, traits, stream }: BodySetup): JsonObject {
  const { model, stopSequences, tools, toolChoice, reasoningEffort, responseFormat, providerOptions } = request;
  const { system, messages } = toConversation(request.messages, { provider, model });
  const outputConfig = toOutputConfig(reasoningEffort, responseFormat);
  const hasTools = tools !== undefined && Object.keys(tools).length > 0;
  const body: JsonObject = {
    max_tokens: toMaxTokens(traits, request.maxOutputTokens),
    ...(system === null ? {} : { system }),
    messages,
    ...(stopSequences === undefined || stopSequences.length === 0 ? {} : { stop_sequences: stopSequences }),
    ...(hasTools ? { tools: Object.entries(tools).map(toTool) } : {}),
    ...(hasTools && toolChoice !== undefined ? { tool_choice: toToolChoice(toolChoice) } : {}),
    ...(outputConfig === null ? {} : { output_config: outputConfig }),
    ...toThinking(traits, reasoningEffort),
  };
  return { ...mergeBody(body, providerOptions?.body), model, stream };
}

/** `max_tokens` is required, and refused above the model's limit. */
function toMaxTokens({ maxOutputTokens }: RequestTraits, requested: number | undefined): number {
  return Math.min(requested ?? DEFAULT_MAX_TOKENS, maxOutputTokens ?? Number.POSITIVE_INFINITY);
}

function toTool([name, tool]: [string, Tool]): JsonObject {
  return {
    name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: tool.inputSchema,
    ...(tool.strict === undefined ? {} : { strict: tool.strict }),
  };
}

function toToolChoice(choice: ToolChoice): JsonObject {
  if (typeof choice === "object") return { type: "tool", name: choice.tool };
  return { type: choice === "required" ? "any" : choice };
}

const EFFORTS: readonly ReasoningEffort[] = ["low", "medium", "high", "xhigh", "max"];

/** Anthropic has no JSON mode without a schema. A schema has neither a name nor `strict`: it is always enforced. */
function toOutputConfig(effort: ReasoningEffort | undefined, format: ResponseFormat | undefined): JsonObject | null {
  const config: JsonObject = {
    ...(effort !== undefined && EFFORTS.includes(effort) ? { effort } : {}),
    ...(format?.type === "json-schema" ? { format: { type: "json_schema", schema: format.schema } } : {}),
  };
  return Object.keys(config).length === 0 ? null : config;
}

function toThinking({ thinkingOff }: RequestTraits, effort: ReasoningEffort | undefined): JsonObject {
  return effort !== "none" || thinkingOff === null ? {} : { thinking: { type: thinkingOff } };
}
