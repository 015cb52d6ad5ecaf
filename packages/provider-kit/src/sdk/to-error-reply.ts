import { isLLMError, isRecord, type JsonObject, LLMError, redact } from "@babylon/llm-core";
import type { ResponseHeaders, TransportResponse } from "../http/transport.ts";
import { withoutMessage } from "../http/without-message.ts";
import { fieldOf, numberField, stringField } from "../read-field.ts";
import { clientSecrets } from "./client-secrets.ts";

/**
 * Restores the reply from an `APIError` of an SDK: status, headers, and the body as far as the error still has it. Both SDKs throw these for
 * every status except 2xx (openai 7.57, `@anthropic-ai/sdk` 1.12, 2026-11). They are recognized by their fields, because the caller's SDK may
 * be another copy of the package.
 *
 * @throws the given error without its message if there was no reply; LLMError `auth` if the client could not sign the request, `timeout` if
 *   the client's own timeout expired
 */
export function toErrorReply(thrown: unknown, client: object): TransportResponse {
  const status = numberField(thrown, "status");
  const headers = headersOf(thrown);
  if (isLLMError(thrown)) throw thrown;
  if (isTokenError(thrown)) throw notSigned(thrown);
  if (status === null || headers === null) {
    // Connection errors have a `status` field that is undefined; other errors occurred before the connection.
    if (isRecord(thrown) && "status" in thrown) throw isTimeout(thrown) ? timedOut() : withoutMessage(thrown);
    throw isNetworkError(thrown) ? withoutMessage(thrown) : notSigned(thrown);
  }
  const text = redact(bodyOf(thrown, status), clientSecrets(client));
  return {
    status,
    ok: false,
    url: "",
    headers,
    body: {
      async *[Symbol.asyncIterator]() {
        yield new TextEncoder().encode(text);
      },
    },
    text: () => Promise.resolve(text),
    json: async () => JSON.parse(text),
  };
}

function headersOf(thrown: unknown): ResponseHeaders | null {
  const headers = fieldOf(thrown, "headers");
  return isHeaders(headers) ? headers : null;
}

const isHeaders = (value: unknown): value is ResponseHeaders =>
  typeof value === "object" && value !== null && "get" in value && typeof value.get === "function";

/** An `OAuthError` of the token service. Its status is not that of the request, which was never sent. */
const isTokenError = (thrown: unknown): boolean => isRecord(thrown) && "error_code" in thrown;

/**
 * The body as text. `error` holds the parsed body: Anthropic's SDK keeps it complete, openai's only the value of its `error` field, or all of
 * it if there is no such field. A body that is not JSON is in the message, after the status.
 */
function bodyOf(thrown: unknown, status: number): string {
  const error = fieldOf(thrown, "error");
  if (error === undefined || error === null) {
    const message = stringField(thrown, "message") ?? "";
    const text = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message;
    return text === "status code (no body)" ? "" : text;
  }
  const isPart = typeof error === "string" || (isRecord(error) && !("error" in error) && hasErrorField(error));
  return JSON.stringify(isPart ? { error } : error);
}

const hasErrorField = (error: JsonObject | Record<string, unknown>): boolean =>
  "message" in error || "code" in error || "type" in error;

const isTimeout = (thrown: unknown): boolean =>
  /timed out/i.test(stringField(thrown, "message") ?? "") && !isNetworkError(thrown);

/** Whether an error or one of its causes has a code of the platform's, such as `ECONNREFUSED`. */
function isNetworkError(thrown: unknown): boolean {
  let error = thrown;
  for (let depth = 0; depth < 5 && error !== undefined && error !== null; depth += 1) {
    if (/^(?:E[A-Z]|UND_ERR)/.test(stringField(error, "code") ?? "")) return true;
    error = fieldOf(error, "cause");
  }
  return false;
}

function timedOut(): LLMError {
  return new LLMError({ code: "timeout", message: "the SDK client's own timeout expired" });
}

/** The original message may contain a token, so only the name of the error is kept. */
function notSigned(thrown: unknown): LLMError {
  const name = thrown instanceof Error ? thrown.constructor.name : "unknown";
  return new LLMError({ code: "auth", message: `the SDK client could not prepare the request (${name})` });
}
