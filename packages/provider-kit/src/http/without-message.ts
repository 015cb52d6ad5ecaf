import { isLLMError } from "@babylon/llm-core";
import { stringField } from "../read-field.ts";
import { rootOf } from "./root-of.ts";

/** Names and codes as classes and platforms have them: `TypeError`, `ECONNREFUSED`, `ConnectionClosed`. */
const WORD = /^[A-Z][A-Za-z_]{1,40}\d{0,3}$/;

/**
 * What is passed on of an error that a function of the caller's threw: name and code of the error at its root. Its message may name a key,
 * or whatever else the function knows. An `LLMError` stays as it is.
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
