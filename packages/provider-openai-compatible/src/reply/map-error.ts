import type { LLMErrorCode } from "@babylon/llm-core";
import {
  codeForStatus,
  type ErrorReply,
  fieldOf,
  numberField,
  saysBadKey,
  stringField,
  type Verdict,
  vendorMessage,
} from "@babylon/provider-kit";

/** What the words in `error.code`, or else `error.type`, stand for. OpenAI's and Groq's error pages, 2026-11. */
const BY_WORD: Readonly<Record<string, LLMErrorCode>> = {
  insufficient_quota: "quota",
  credit_balance_exhausted: "quota",
  billing_hard_limit_reached: "quota",
  billing_not_active: "quota",
  quota_exceeded: "quota",
  context_length_exceeded: "context_length",
  string_above_max_length: "context_length",
  exceed_context_size_error: "context_length",
  request_too_large: "context_length",
  content_policy_violation: "content_filter",
  content_filter: "content_filter",
  invalid_prompt: "content_filter",
  model_not_found: "model_not_found",
  model_decommissioned: "model_not_found",
  deploymentnotfound: "model_not_found",
  invalid_api_key: "auth",
  unsupported_country_region_territory: "permission",
  unsupported_parameter: "unsupported",
  unsupported_value: "unsupported",
  rate_limit_exceeded: "rate_limit",
  rate_limit_error: "rate_limit",
  slow_down: "rate_limit",
  server_is_overloaded: "overloaded",
  overloaded_error: "overloaded",
  capacity_exceeded: "overloaded",
  // The model wrote something that is not what it was held to; another attempt may go better (Groq).
  json_validate_failed: "invalid_response",
  tool_use_failed: "invalid_response",
};

/** Words too general to overrule a status; they count where there is none, inside a stream. */
const WITHOUT_STATUS: Readonly<Record<string, LLMErrorCode>> = {
  invalid_request_error: "invalid_request",
  authentication_error: "auth",
  permission_error: "permission",
  not_found_error: "model_not_found",
  tokens: "rate_limit",
  requests: "rate_limit",
  server_error: "server",
  api_error: "server",
};

/** Sentences that vendors without codes, or with general ones, are known by. */
const BY_TEXT: readonly [RegExp, LLMErrorCode][] = [
  [/exceeded your current quota|insufficient (?:credits?|funds|balance)|credit balance|spend(?:ing)? limit/i, "quota"],
  [
    /maximum context length|maximum model length|context (?:length|window|size)|reduce the length of|prompt is too long/i,
    "context_length",
  ],
  [/content (?:management )?policy|content filter|violating our usage policy/i, "content_filter"],
  // From the first "model" of a line, and from no other: else a line of nothing but models takes long.
  [
    /^(?:(?!model\b).)*model\b.*\b(?:does not exist|not found|decommissioned|no longer (?:supported|available))/im,
    "model_not_found",
  ],
  [/\b(?:is|are) not (?:currently )?supported (?:for|with|in|by)\b/i, "unsupported"],
  [/concurrency limit/i, "rate_limit"],
  [/currently overloaded/i, "overloaded"],
];

/**
 * What an error body of this family says: its code, then its type, then its sentence. `null` when it says nothing known and the
 * status decides.
 *
 * A request larger than the budget per minute (Groq sends 413, OpenAI 429) is a rate limit that waiting does not cure: not
 * retryable, next link.
 */
export function mapError({ status, body, text }: ErrorReply): Verdict | null {
  const error = fieldOf(body, "error");
  const message = vendorMessage(body, text);
  const words = [stringField(error, "code"), stringField(error, "type"), stringField(body, "code")];
  const code =
    byWord(BY_WORD, words) ??
    (saysBadKey(message, status) ? "auth" : undefined) ??
    BY_TEXT.find(([pattern]) => pattern.test(message))?.[1] ??
    codeWithoutStatus(status, error, words);
  if (code === null) return null;
  if (code !== "rate_limit") return { code };
  if (/request too large/i.test(message)) return { code, retryable: false };
  return { code, concurrencyLimited: /concurrency limit/i.test(message) };
}

function byWord(table: Readonly<Record<string, LLMErrorCode>>, words: readonly (string | null)[]): LLMErrorCode | null {
  for (const word of words) {
    const key = word?.toLowerCase();
    if (key !== undefined && Object.hasOwn(table, key)) return table[key] ?? null;
  }
  return null;
}

/** Inside a stream: the status that the error states, as gateways write it, or a general word. */
function codeWithoutStatus(
  status: number | null,
  error: unknown,
  words: readonly (string | null)[],
): LLMErrorCode | null {
  if (status !== null) return null;
  const stated = numberField(error, "code") ?? numberField(error, "status");
  if (stated !== null && stated >= 400 && stated < 600) return codeForStatus(stated);
  return byWord(WITHOUT_STATUS, words);
}
