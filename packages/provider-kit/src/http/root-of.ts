import { isLLMError } from "@babylon/llm-core";
import { fieldOf, stringField } from "../read-field.ts";

/** How far down an error's causes it is worth looking. */
const MAX_DEPTH = 5;

/** The error below the wrappers of SDK and fetch: the first that has a code, else the deepest. */
export function rootOf(thrown: unknown): unknown {
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
