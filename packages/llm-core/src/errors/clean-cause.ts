import { escapeInvisible } from "./invisible-characters.ts";
import { redact } from "./redact.ts";

/** Maximum length of the message, characters. */
const MAX_MESSAGE = 300;
/** Maximum length that is redacted before the message is cut: a key may cross the cut. */
const MAX_REDACTED = 4_096;
/** Maximum number of nested causes that are followed: causes may be circular. */
const MAX_DEPTH = 5;

/** Name, code and message of an error that caused another: safe to log and to send. */
export interface ErrorCause {
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
}

/** A name or a code: a single word, not a sentence. */
const WORD = /^[A-Za-z_$][\w$.:-]{0,63}$/;

const word = (value: unknown): string | null => (typeof value === "string" && WORD.test(value) ? redact(value) : null);

const messageOf = (text: unknown): string =>
  typeof text === "string" ? escapeInvisible(redact(text.slice(0, MAX_REDACTED))).slice(0, MAX_MESSAGE) : "";

/**
 * Copies name, code and message of a thrown value, with keys removed and the message cut at 300 characters. A `TypeError: fetch failed`
 * is replaced by its own cause, which has the network error.
 */
export function cleanCause(thrown: unknown): ErrorCause | null {
  return cleanToDepth(thrown, MAX_DEPTH);
}

function cleanToDepth(thrown: unknown, depth: number): ErrorCause | null {
  if (thrown === undefined || thrown === null) return null;
  if (typeof thrown !== "object") {
    return { name: "Error", code: null, message: messageOf(String(thrown)) };
  }
  const error: { name?: unknown; code?: unknown; message?: unknown; cause?: unknown } = thrown;
  const { cause } = error;
  if (depth > 0 && error.name === "TypeError" && typeof cause === "object" && cause !== null && "code" in cause) {
    return cleanToDepth(cause, depth - 1);
  }
  return {
    name: word(error.name) ?? "Error",
    code: word(error.code),
    message: messageOf(error.message),
  };
}
