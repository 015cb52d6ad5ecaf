import { isLLMError, isRecord, type JsonObject, LLMError, redact } from "@babylon/llm-core";
import type { ResponseHeaders, TransportResponse } from "../http/transport.ts";
import { withoutMessage } from "../http/without-message.ts";
import { fieldOf, numberField, stringField } from "../read-field.ts";
import { clientSecrets } from "./client-secrets.ts";

/**
 * The reply behind an `APIError` of an SDK, to be read as a reply that came without one: status, headers, and the body as far as the
 * error still has it. Both SDKs throw these for every status but 2xx (openai 7.57, `@anthropic-ai/sdk` 1.12, 2026-11). They are
 * recognised by what they hold, since the caller's SDK may be another copy than ours.
 *
 * @throws what was thrown, where there was no reply; LLMError `auth` where the client could not sign the request, `timeout` where its
 *   own limit has passed
 */
export function toErrorReply(thrown: unknown, client: object): TransportResponse {
  const status = numberField(thrown, "status");
  const headers = headersOf(thrown);
  if (isLLMError(thrown)) throw thrown;
  if (isTokenError(thrown)) throw notSigned(thrown);
  if (status === null || headers === null) {
    // Errors of the connection have a status that is undefined; others never came as far as the connection.
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

/** Of the service that gives out tokens (`OAuthError`): its status says nothing about the request, which was never sent. */
const isTokenError = (thrown: unknown): boolean => isRecord(thrown) && "error_code" in thrown;

/**
 * The body as text. `error` holds the parsed body: of Anthropic's the whole, of openai's what is below `error` in it, or the whole
 * where there is no `error`. Without JSON the text stands in the message, behind the status.
 */
function bodyOf(thrown: unknown, status: number): string {
  const error = fieldOf(thrown, "error");
  if (error === undefined || error === null) {
    const message = stringField(thrown, "message") ?? "";
    const text = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message;
    return text === "status code (no body)" ? "" : text;
  }
  const isPart = typeof error === "string" || (isRecord(error) && !("error" in error) && saysWhat(error));
  return JSON.stringify(isPart ? { error } : error);
}

const saysWhat = (error: JsonObject | Record<string, unknown>): boolean =>
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
  return new LLMError({ code: "timeout", message: "the SDK's client gave up after its own timeout" });
}

/** What went wrong may quote a token: its kind is enough. */
function notSigned(thrown: unknown): LLMError {
  const name = thrown instanceof Error ? thrown.constructor.name : "unknown";
  return new LLMError({ code: "auth", message: `the SDK's client could not prepare the request (${name})` });
}
