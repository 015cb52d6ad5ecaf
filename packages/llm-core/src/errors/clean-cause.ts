import { showHidden } from "./hidden-characters.ts";
import { redact } from "./redact.ts";

/** Longest message a cleaned cause keeps. */
const MAX_MESSAGE = 300;
/** Longest message that is searched for keys: some may lie across the cut. */
const MAX_SEARCHED = 4_096;
/** How far down an error that says something is looked for; causes may go in circles. */
const MAX_DEPTH = 5;

/** What is kept of an error that caused another: safe to log and to send away. */
export interface ErrorCause {
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
}

/** A name or a code, and no sentence. */
const WORD = /^[A-Za-z_$][\w$.:-]{0,63}$/;

const word = (value: unknown): string | null => (typeof value === "string" && WORD.test(value) ? redact(value) : null);

const messageOf = (text: unknown): string =>
  typeof text === "string" ? showHidden(redact(text.slice(0, MAX_SEARCHED))).slice(0, MAX_MESSAGE) : "";

/**
 * Copies name, code and message of a thrown value, with keys removed and the message cut at 300 characters. A `fetch failed`
 * gives way to the error below it, which is the one that says something.
 */
export function cleanCause(thrown: unknown): ErrorCause | null {
  return cleanBelow(thrown, MAX_DEPTH);
}

function cleanBelow(thrown: unknown, depth: number): ErrorCause | null {
  if (thrown === undefined || thrown === null) return null;
  if (typeof thrown !== "object") {
    return { name: "Error", code: null, message: messageOf(String(thrown)) };
  }
  const error: { name?: unknown; code?: unknown; message?: unknown; cause?: unknown } = thrown;
  const below = error.cause;
  if (depth > 0 && error.name === "TypeError" && typeof below === "object" && below !== null && "code" in below) {
    return cleanBelow(below, depth - 1);
  }
  return {
    name: word(error.name) ?? "Error",
    code: word(error.code),
    message: messageOf(error.message),
  };
}
