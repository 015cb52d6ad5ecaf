import type { AttemptStart, ModelRequest } from "@babylon/llm-core";
import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { toProviderName } from "./provider-name.ts";

/** The attributes that identify an attempt: those that a sampler decides on. */
export const linkAttributes = ({ provider, model }: Pick<AttemptStart, "provider" | "model">): Attributes => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": toProviderName(provider),
  "gen_ai.request.model": model,
});

/** The options of a request, as far as the conventions name them; absent ones are absent. */
export function requestAttributes(request: ModelRequest, isStream: boolean): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  if (request.responseFormat !== undefined) attributes["gen_ai.output.type"] = "json";
  if (isStream) attributes["gen_ai.request.stream"] = true;
  if (request.seed !== undefined) attributes["gen_ai.request.seed"] = request.seed;
  if (request.temperature !== undefined) attributes["gen_ai.request.temperature"] = request.temperature;
  if (request.topP !== undefined) attributes["gen_ai.request.top_p"] = request.topP;
  if (request.maxOutputTokens !== undefined) attributes["gen_ai.request.max_tokens"] = request.maxOutputTokens;
  if (request.stopSequences !== undefined) attributes["gen_ai.request.stop_sequences"] = [...request.stopSequences];
  if (request.reasoningEffort !== undefined) attributes["gen_ai.request.reasoning.level"] = request.reasoningEffort;
  return attributes;
}
