import { isRecord, type LLMErrorCode } from "@babylon/llm-core";
import {
  arrayField,
  codeForStatus,
  type ErrorClassification,
  type ErrorReply,
  fieldOf,
  isBadKeyMessage,
  isHTML,
  numberField,
  stringField,
  vendorMessage,
  waitOf,
} from "@babylon/provider-kit";

type Words = Readonly<Record<string, LLMErrorCode>>;

/**
 * Codes by the words in an error's `code`, `type` or `status`, reduced to letters. From the error pages of OpenAI and Groq, and errors of
 * DashScope, MiniMax, LiteLLM and llama.cpp (2026-11).
 */
const BY_WORD: Words = {
  insufficientquota: "quota",
  insufficientbalance: "quota",
  insufficientbalanceerror: "quota",
  creditbalanceexhausted: "quota",
  billinghardlimitreached: "quota",
  billingnotactive: "quota",
  quotaexceeded: "quota",
  arrearage: "quota",
  contextlengthexceeded: "context_length",
  contextwindowexceedederror: "context_length",
  stringabovemaxlength: "context_length",
  exceedcontextsizeerror: "context_length",
  requesttoolarge: "context_length",
  contentpolicyviolation: "content_filter",
  contentpolicyviolationerror: "content_filter",
  contentfilter: "content_filter",
  datainspectionfailed: "content_filter",
  invalidprompt: "content_filter",
  modelnotfound: "model_not_found",
  modeldecommissioned: "model_not_found",
  deploymentnotfound: "model_not_found",
  invalidapikey: "auth",
  unsupportedcountryregionterritory: "permission",
  unsupportedparameter: "unsupported",
  unsupportedvalue: "unsupported",
  ratelimitexceeded: "rate_limit",
  ratelimiterror: "rate_limit",
  slowdown: "rate_limit",
  throttling: "rate_limit",
  throttlingratequota: "rate_limit",
  throttlingallocationquota: "rate_limit",
  serverisoverloaded: "overloaded",
  overloadederror: "overloaded",
  capacityexceeded: "overloaded",
  // The output does not match the requested format; another attempt may succeed (Groq).
  jsonvalidatefailed: "invalid_response",
  toolusefailed: "invalid_response",
};

/** Words that are too general to override a status. They count only without one, inside a stream. */
const WITHOUT_STATUS: Words = {
  invalidrequesterror: "invalid_request",
  badrequesterror: "invalid_request",
  badrequest: "invalid_request",
  invalidargument: "invalid_request",
  invalidparameter: "invalid_request",
  unprocessableentityerror: "invalid_request",
  authenticationerror: "auth",
  unauthenticated: "auth",
  unauthorized: "auth",
  permissionerror: "permission",
  permissiondeniederror: "permission",
  permissiondenied: "permission",
  notfounderror: "model_not_found",
  notfound: "model_not_found",
  tokens: "rate_limit",
  requests: "rate_limit",
  resourceexhausted: "rate_limit",
  toomanyrequests: "rate_limit",
  serviceunavailableerror: "overloaded",
  serviceunavailable: "overloaded",
  unavailable: "overloaded",
  deadlineexceeded: "overloaded",
  timeout: "overloaded",
  servererror: "server",
  internalservererror: "server",
  internalerror: "server",
  internal: "server",
  apierror: "server",
};

/** Patterns of messages, for vendors without specific codes. */
const BY_TEXT: readonly [RegExp, LLMErrorCode][] = [
  [/exceeded your current quota|insufficient (?:credits?|funds|balance)|credit balance|spend(?:ing)? limit/i, "quota"],
  [
    /maximum (?:context|model|prompt|input) length|context (?:length|window|size)|reduce the length of|(?:prompt|input) is too long|exceeds the maximum number of (?:input )?tokens/i,
    "context_length",
  ],
  [/content (?:management )?policy|content filter|violating our usage policy/i, "content_filter"],
  // Anchored at the first "model" of a line, so that matching takes linear time.
  [
    /^(?:(?!model\b).)*model\b.*\b(?:does not exist|not found|decommissioned|no longer (?:supported|available))/im,
    "model_not_found",
  ],
  [/\b(?:is|are) not (?:currently )?supported (?:for|with|in|by)\b/i, "unsupported"],
  [/concurrency limit/i, "rate_limit"],
  [/currently overloaded/i, "overloaded"],
];

/** Patterns of messages that count only without a status. */
const BY_TEXT_WITHOUT_STATUS: readonly [RegExp, LLMErrorCode][] = [
  [/\brate.?limit|too many requests/i, "rate_limit"],
  [/too busy|server is busy|overloaded|temporarily unavailable|no capacity/i, "overloaded"],
];

/** Matches messages about a path that the server does not have. */
const UNKNOWN_PATH =
  /\binvalid url\b|\bunknown (?:request )?(?:url|endpoint|path|route)\b|\bno (?:such )?(?:route|endpoint|handler)\b|\bcannot (?:get|post) \/|\b(?:route|endpoint|url|path)\b.{0,80}\bnot found\b|^(?:resource|route|endpoint) not found/i;

/** The base URL is wrong: the same request would fail again, and the error is not about the model. */
const WRONG_PATH: ErrorClassification = { code: "invalid_response", retryable: false };

/** Matches daily limits, which are a quota if the error states no wait. */
const PER_DAY = /per[\s_-]?day\b|\bdaily\b|PerDay|\((?:TPD|RPD)\)/;
const PER_SHORT_TIME = /per[\s_-]?(?:minute|second|hour)\b|PerMinute|PerSecond|\((?:TPM|RPM)\)/i;

/**
 * Classifies an error body of this family by code, then type, then message. `null` if none is recognized, as with every HTML page of a proxy:
 * then the status decides.
 *
 * A request larger than the budget per minute (Groq sends 413, OpenAI 429) is a rate limit that waiting does not resolve: not retryable, but
 * it falls back.
 */
export function mapError(reply: ErrorReply): ErrorClassification | null {
  const { status, body, text } = reply;
  if (body === undefined && isHTML(text)) return status === 404 ? WRONG_PATH : null;
  const message = vendorMessage(body, text);
  const errors = errorsIn(body);
  const words = errors.flatMap((error) => WORD_FIELDS.map((name) => stringField(error, name)));
  const isPath = status === 404 || status === 405 || status === 400;
  if (isPath && (words.includes("unknown_url") || UNKNOWN_PATH.test(message))) return WRONG_PATH;
  const stated = status ?? statedStatus(errors);
  const known =
    byWord(BY_WORD, words) ??
    (isBadKeyMessage(message, status) ? "auth" : null) ??
    byText(BY_TEXT, message) ??
    (status === null ? withoutStatus(stated, words, message) : null);
  const code = limitOf(known, stated, reply, message);
  if (code === null) return null;
  if (code !== "rate_limit") return { code };
  if (/request too large/i.test(message)) return { code, retryable: false };
  return { code, concurrencyLimited: /concurrency limit/i.test(message) };
}

/** Distinguishes rate limit and quota for a 429: with a wait it is a rate limit; a daily limit without a wait is a quota. */
function limitOf(
  known: LLMErrorCode | null,
  stated: number | null,
  reply: ErrorReply,
  message: string,
): LLMErrorCode | null {
  const isLimit = known === "quota" || known === "rate_limit" || known === null;
  if (stated !== 429 || !isLimit) return known;
  const waitMs = waitOf(reply, 0);
  const limits = `${message} ${quotaIdsOf(reply.body)}`;
  if (waitMs !== null && waitMs > 0) return known === "quota" ? "rate_limit" : known;
  if (PER_SHORT_TIME.test(limits)) return known === "quota" ? "rate_limit" : known;
  return PER_DAY.test(limits) ? "quota" : known;
}

/** The ids of the exceeded limits (Google's `QuotaFailure`). */
function quotaIdsOf(body: unknown): string {
  return arrayField(fieldOf(body, "error"), "details")
    .flatMap((detail) => arrayField(detail, "violations"))
    .map((violation) => stringField(violation, "quotaId") ?? "")
    .join(" ");
}

const WORD_FIELDS = ["code", "type", "status"] as const;
const STATUS_FIELDS = ["code", "status", "http_code", "status_code", "error_code"] as const;
const WRAPPERS = ["error", "errors", "base_resp", "detail", "message"] as const;
const MAX_DEPTH = 3;

/** The objects that may describe the error: outer ones first, the body last. */
function errorsIn(body: unknown): readonly unknown[] {
  return [...errorsBelow(body, 0), body];
}

function errorsBelow(value: unknown, depth: number): readonly unknown[] {
  if (depth === MAX_DEPTH) return [];
  return WRAPPERS.flatMap((name) => {
    const field = fieldOf(value, name);
    const inner: unknown = Array.isArray(field) ? field[0] : field;
    return isRecord(inner) ? [inner, ...errorsBelow(inner, depth + 1)] : [];
  });
}

function byWord(table: Words, words: readonly (string | null)[]): LLMErrorCode | null {
  for (const word of words) {
    const key = word
      ?.slice(0, MAX_WORD)
      .toLowerCase()
      .replace(/[^a-z]/g, "");
    if (key !== undefined && Object.hasOwn(table, key)) return table[key] ?? null;
  }
  return null;
}

/** Longer words are cut before they are compared. */
const MAX_WORD = 100;

const byText = (table: typeof BY_TEXT, message: string): LLMErrorCode | null =>
  table.find(([pattern]) => pattern.test(message))?.[1] ?? null;

/** The status that a gateway states in an error: a number, or a number as text (LiteLLM). */
function statedStatus(errors: readonly unknown[]): number | null {
  for (const error of errors) {
    for (const name of STATUS_FIELDS) {
      const text = stringField(error, name);
      const stated = text !== null && /^\d{3}$/.test(text) ? Number(text) : numberField(error, name);
      if (stated !== null && stated >= 400 && stated < 600) return stated;
    }
  }
  return null;
}

/** For errors inside a stream: the stated status, a general word, or the message. */
function withoutStatus(stated: number | null, words: readonly (string | null)[], message: string): LLMErrorCode | null {
  if (stated !== null) return codeForStatus(stated);
  return byWord(WITHOUT_STATUS, words) ?? byText(BY_TEXT_WITHOUT_STATUS, message);
}
