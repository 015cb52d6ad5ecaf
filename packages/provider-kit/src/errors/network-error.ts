import { isLLMError, LLMError } from "@babylon/llm-core";
import type { AttemptFacts } from "../attempt-facts.ts";
import { isBodyTooLarge } from "../http/body-too-large.ts";
import { echoesSecret } from "../http/echoes-secret.ts";
import { rootOf } from "../http/root-of.ts";
import { stringField } from "../read-field.ts";
import { cleanText } from "./clean-text.ts";

const WORDS: readonly [RegExp, string][] = [
  [/^ECONNREFUSED$/, "refused the connection"],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ConnectionClosed)$/, "closed the connection"],
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/, "could not be reached: its host name was not found"],
  [/CERT|^DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/, "could not be reached over TLS"],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, "took too long to accept the connection"],
  [/^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/, "sent no data before the platform's timeout"],
  [/^(?:ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, "could not be reached"],
];

const UNREACHABLE = "could not be reached";

/**
 * Converts an error of the transport: to the signal's reason if it has aborted; an `LLMError` is returned unchanged; a body over its limit
 * becomes `invalid_response`; anything else becomes `network` (refused, reset, DNS, TLS, `fetch failed`, `terminated`, `UND_ERR_*`).
 */
export function networkError(thrown: unknown, signal: AbortSignal, facts: AttemptFacts): unknown {
  if (signal.aborted) return signal.reason;
  const root = rootOf(thrown);
  if (isLLMError(root)) return root;
  const { name, provider, model, callId } = facts;
  if (isBodyTooLarge(root)) {
    // Not retryable: the same request would most likely return as much.
    const message = `${name} ${root.message}`;
    return new LLMError({ code: "invalid_response", message, provider, model, callId, retryable: false });
  }
  const code = codeOf(root, facts);
  return new LLMError({
    code: "network",
    message: `${name} ${wordsFor(code, root, facts)}${code === null ? "" : ` (${code})`}`,
    provider,
    model,
    callId,
    cause: {
      name: stringField(root, "name") ?? "Error",
      code,
      message: cleanText(messageOf(root), facts),
    },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : (stringField(error, "message") ?? String(error));
}

/** The platform's error code. */
function codeOf(error: unknown, { secrets }: AttemptFacts): string | null {
  const code = stringField(error, "code");
  return code !== null && /^[A-Z][A-Za-z0-9_]{1,63}$/.test(code) && !echoesSecret(code, secrets) ? code : null;
}

function wordsFor(code: string | null, error: unknown, facts: AttemptFacts): string {
  if (code === null) return UNREACHABLE;
  // Messages of the transport's own errors are written for users.
  const message = code.startsWith("PROXY_") ? stringField(error, "message") : null;
  if (message !== null) return `${UNREACHABLE}: ${cleanText(message, facts)}`;
  return WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? UNREACHABLE;
}
