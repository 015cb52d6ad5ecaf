import { isLLMError, LLMError, redact } from "@babylon/llm-core";
import type { AttemptFacts } from "./attempt-facts.ts";
import { isBodyTooLarge } from "./body-too-large.ts";
import { fieldOf, stringField } from "./read-field.ts";

const WORDS: readonly [RegExp, string][] = [
  [/^ECONNREFUSED$/, "refused the connection"],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ConnectionClosed)$/, "closed the connection"],
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/, "could not be reached: its host name was not found"],
  [/CERT|^DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/, "could not be reached over TLS"],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, "took too long to accept the connection"],
  [/^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/, "was silent until the platform gave up"],
  [/^(?:ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, "could not be reached"],
];

const UNREACHABLE = "could not be reached";

/** How far down an error's causes it is worth looking. */
const MAX_DEPTH = 5;

/**
 * What to throw instead of an error of the transport: the signal's reason when it has aborted, an `LLMError` as it is, anything
 * else as `network` (refused, reset, DNS, TLS, `fetch failed`, `terminated`, `UND_ERR_*`), or as `invalid_response` where the body
 * was larger than its limit.
 */
export function networkError(thrown: unknown, signal: AbortSignal, facts: AttemptFacts): unknown {
  if (signal.aborted) return signal.reason;
  const root = rootOf(thrown);
  if (isLLMError(root)) return root;
  const { name, provider, model, callId } = facts;
  if (isBodyTooLarge(root)) {
    // Not asked for again: the same request would most likely bring as much.
    const message = `${name} ${root.message}`;
    return new LLMError({ code: "invalid_response", message, provider, model, callId, retryable: false });
  }
  const code = stringField(root, "code");
  return new LLMError({
    code: "network",
    message: `${name} ${wordsFor(code, root)}${code === null ? "" : ` (${code})`}`,
    provider,
    model,
    callId,
    cause: {
      name: stringField(root, "name") ?? "Error",
      code,
      message: redact(stringField(root, "message") ?? String(thrown), facts.secrets),
    },
  });
}

function wordsFor(code: string | null, error: unknown): string {
  if (code === null) return UNREACHABLE;
  // The transport's own, whose message is for people.
  if (code.startsWith("PROXY_")) return `${UNREACHABLE}: ${stringField(error, "message")}`;
  return WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? UNREACHABLE;
}

/** The error below the wrappers of SDK and fetch: the first that has a code, else the deepest. */
function rootOf(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (isLLMError(error) || stringField(error, "code") !== null) return error;
    // Several addresses were tried: any of their errors says what happened.
    const [first] = [fieldOf(error, "errors")].flat();
    const below = fieldOf(error, "cause") ?? first;
    if (typeof below !== "object" || below === null) return error;
    error = below;
  }
  return error;
}
