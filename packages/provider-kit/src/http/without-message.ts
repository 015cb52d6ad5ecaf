import { isLLMError } from "@babylon/llm-core";
import { stringField } from "../read-field.ts";
import { rootOf } from "./root-of.ts";

/** Matches names and codes of errors: `TypeError`, `ECONNREFUSED`, `ConnectionClosed`. */
const WORD = /^[A-Z][A-Za-z_]{1,40}\d{0,3}$/;

/**
 * Replaces an error from a caller's function by one with only the name and code of its root cause: the message may contain a key or other
 * secrets. An `LLMError` is returned unchanged.
 */
export function withoutMessage(thrown: unknown): unknown {
  const root = rootOf(thrown);
  if (isLLMError(root)) return root;
  const error = new Error();
  error.name = wordField(root, "name") ?? "Error";
  return Object.assign(error, { code: wordField(root, "code") });
}

function wordField(error: unknown, name: string): string | null {
  const word = stringField(error, name);
  return word !== null && WORD.test(word) ? word : null;
}
