import type { LLMErrorCode } from "@babylon/llm-core";
import {
  codeForStatus,
  type ErrorClassification,
  type ErrorReply,
  fieldOf,
  isBadKeyMessage,
  stringField,
  vendorMessage,
} from "@babylon/provider-kit";

/** `error.details.error_code`, Anthropic's most specific code (`@anthropic-ai/sdk` 1.12, error classes, 2026-11). */
const BY_ERROR_CODE: Readonly<Record<string, LLMErrorCode>> = {
  // Billing: waiting does not help, although some of these are sent as 429.
  enforced_spend_limit_reached: "quota",
  contract_spend_limit_reached: "quota",
  linked_organization_spend_limit_reached: "quota",
  linked_organization_billing_unavailable: "quota",
  ramp_limit_exceeded: "rate_limit",
  // Problems of the account, sent as 400.
  organization_on_hold: "permission",
  claude_code_key_creator_not_member: "permission",
  cmek_key_disabled: "permission",
  cmek_key_network_blocked: "permission",
  request_body_too_large_after_decoding: "context_length",
};

/** `error.type` (`@anthropic-ai/sdk` 1.12, ErrorType; `request_too_large`: docs, errors, 2026-11). */
const BY_TYPE: Readonly<Record<string, LLMErrorCode>> = {
  authentication_error: "auth",
  billing_error: "quota",
  permission_error: "permission",
  not_found_error: "model_not_found",
  // Over 32 MB. Treated as a prompt that is too long, because another provider may accept more.
  request_too_large: "context_length",
  conflict_error: "overloaded",
  rate_limit_error: "rate_limit",
  api_error: "server",
  timeout_error: "server",
  overloaded_error: "overloaded",
};

/** Messages of `invalid_request_error`. If Anthropic changes their wording, these errors become `invalid_request`. */
const BY_MESSAGE: readonly [RegExp, LLMErrorCode][] = [
  [/credit balance is too low|purchase credits|specified (?:\w+ )?API usage limits|spend(?:ing)? limit/i, "quota"],
  [
    /prompt is too long|exceed(?:s|ed)? (?:the )?(?:model'?s? )?(?:maximum )?context (?:limit|window|length)|too many (?:input )?tokens(?!, please wait)/i,
    "context_length",
  ],
  [/blocked by (?:our )?content filtering policy/i, "content_filter"],
];

/**
 * Classifies an Anthropic error by its `error_code`, else its `type`, else its message (`invalid_request_error` and bodies without a type);
 * `null` if none is recognized, and the status decides.
 */
export function mapError(reply: ErrorReply): ErrorClassification | null {
  const error = fieldOf(reply.body, "error");
  const errorCode = stringField(fieldOf(error, "details"), "error_code");
  // Gateways also send the error without the object around it.
  const type = stringField(error, "type") ?? stringField(reply.body, "type");
  const message = vendorMessage(reply.body, reply.text);
  const code = lookUp(BY_ERROR_CODE, errorCode) ?? lookUp(BY_TYPE, type) ?? codeOfMessage(message, reply.status);
  if (code === "rate_limit") return { code, concurrencyLimited: /concurrent connections/i.test(message) };
  if (code !== null) return { code };
  if (reply.status !== null) return null;
  const stated = statusIn(error) ?? statusIn(reply.body);
  if (stated !== null) return { code: codeForStatus(stated) };
  // An unknown error object inside a 200 is an invalid response.
  return { code: type === "invalid_request_error" ? "invalid_request" : "invalid_response" };
}

/** The status that a gateway states in an error inside a stream, as a number or as text. */
function statusIn(error: unknown): number | null {
  for (const name of ["code", "status", "status_code", "http_code"]) {
    const value = fieldOf(error, name);
    const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
    if (typeof status === "number" && status >= 400 && status < 600) return status;
  }
  return null;
}

function lookUp(codes: Readonly<Record<string, LLMErrorCode>>, word: string | null): LLMErrorCode | null {
  return word !== null && Object.hasOwn(codes, word) ? (codes[word] ?? null) : null;
}

function codeOfMessage(message: string, status: number | null): LLMErrorCode | null {
  if (isBadKeyMessage(message, status)) return "auth";
  return BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}
