import { isLLMError } from "@babylon/llm-core";
import { fieldOf, stringField } from "../read-field.ts";

/** Maximum depth of causes. */
const MAX_DEPTH = 5;

/** Unwraps errors of SDKs and `fetch`: the first cause with a code, else the deepest. */
export function rootOf(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (isLLMError(error) || stringField(error, "code") !== null) return error;
    // Several addresses were tried: the first error represents them.
    const [first] = [fieldOf(error, "errors")].flat();
    const below = fieldOf(error, "cause") ?? first;
    if (typeof below !== "object" || below === null) return error;
    error = below;
  }
  return error;
}
