import type { JsonObject, ModelRequest, ReasoningEffort, ResponseFormat, Tool, ToolChoice } from "@babylon/llm-core";
import { mergeBody } from "@babylon/provider-kit";
import type { RequestTraits } from "../models.ts";
import { toConversation } from "./to-conversation.ts";

/** Tokens asked for when the caller names no limit: `max_tokens` is required, and thinking counts towards it. */
const DEFAULT_MAX_TOKENS = 32_000;

/** What a body depends on beside the request. */
export interface BodySetup {
  /** The provider's id, whose options of messages and parts count. */
  readonly provider: string;
  readonly traits: RequestTraits;
  readonly stream: boolean;
}

/**
 * The body of `POST /v1/messages`, in API version 2026-10-21. It names no sampling option and no seed, because that version has none;
 * the caller's own `body` is merged over it, except for what decides how the reply is read.
 *
 * @throws LLMError `unsupported` for an image or a file in a form that Anthropic does not take
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

/** Required by Anthropic, and refused above what the model can. */
function toMaxTokens({ maxOutputTokens }: RequestTraits, asked: number | undefined): number {
  return Math.min(asked ?? DEFAULT_MAX_TOKENS, maxOutputTokens ?? Number.POSITIVE_INFINITY);
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

/** There is no JSON mode without a schema, and a schema takes neither a name nor `strict`: it is always held to. */
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
