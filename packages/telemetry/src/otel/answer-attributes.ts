import type { Attempt, Cost, FinishReason, Usage } from "@babylon/llm-core";
import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { NameChoice } from "./convention-names.ts";

type Writable = Record<string, AttributeValue>;

/** The conventions' words for reasons to finish; ours are those of the AI SDK. */
const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_call",
  "content-filter": "content_filter",
  other: "other",
};

/** The conventions' word for a reason to finish. */
export const toFinishReason = (reason: FinishReason): string => FINISH_REASONS[reason];

function put(attributes: Writable, name: string, value: number | string | null | undefined): void {
  if (value !== null && value !== undefined) attributes[name] = value;
}

/** What is unknown is absent, never 0. */
function putUsage(attributes: Writable, usage: Usage, { current, old }: NameChoice): void {
  put(attributes, "gen_ai.usage.input_tokens", usage.inputTokens);
  put(attributes, "gen_ai.usage.output_tokens", usage.outputTokens);
  put(attributes, "gen_ai.usage.cache_read.input_tokens", usage.cachedInputTokens);
  if (current) put(attributes, "gen_ai.usage.cache_write.input_tokens", usage.cacheWriteInputTokens);
  if (old) put(attributes, "gen_ai.usage.cache_creation.input_tokens", usage.cacheWriteInputTokens);
  put(attributes, "gen_ai.usage.reasoning.output_tokens", usage.reasoningTokens);
  put(attributes, "gen_ai.usage.audio.input_tokens", usage.extras?.audioInputTokens);
  put(attributes, "gen_ai.usage.audio.output_tokens", usage.extras?.audioOutputTokens);
}

/** The names of semantic-conventions-genai #443, which was open on 2026-11-29. `local`: computed by this process, not stated in the reply. */
function putCost(attributes: Writable, { nanoUsd, currency, source }: Cost): void {
  if (nanoUsd === null) return;
  attributes["gen_ai.usage.cost.amount"] = nanoUsd / 1e9;
  attributes["gen_ai.usage.cost.currency"] = currency;
  attributes["gen_ai.usage.cost.source"] = source === "provider" ? "provider" : "local";
}

/** The attributes of an attempt that has ended, without content and without messages of errors, which may quote a prompt. */
export function answerAttributes(attempt: Attempt, finishReason: FinishReason | null, names: NameChoice): Attributes {
  const { outcome, error, usage, cost, transport, firstTokenMs } = attempt;
  const attributes: Writable = { "babylon.attempt.outcome": outcome };
  if (!attempt.sent) attributes["babylon.attempt.sent"] = false;
  // An attempt that lost to another one has not failed.
  if (outcome !== "success" && outcome !== "cancelled") put(attributes, "error.type", error?.code);
  put(attributes, "http.response.status_code", error?.status);
  put(attributes, "gen_ai.response.id", attempt.responseId);
  put(attributes, "gen_ai.response.model", attempt.responseModel);
  if (finishReason !== null) attributes["gen_ai.response.finish_reasons"] = [toFinishReason(finishReason)];
  if (transport === "stream" && firstTokenMs !== null) {
    attributes["gen_ai.response.time_to_first_chunk"] = firstTokenMs / 1_000;
  }
  put(attributes, "babylon.request.id", attempt.requestId);
  put(attributes, "babylon.service_tier", attempt.serviceTier);
  put(attributes, "babylon.region", attempt.region);
  if (usage !== undefined) putUsage(attributes, usage, names);
  if (cost !== undefined) putCost(attributes, cost);
  return attributes;
}
