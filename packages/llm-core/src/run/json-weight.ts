import type { StreamPart } from "../contract/model-answer.ts";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../contract/provider.ts";
import { LLMError } from "../errors/llm-error.ts";

/** Maximum memory of a text and its parsed values together, bytes. */
const MAX_BYTES = 2 * DEFAULT_MAX_RESPONSE_BYTES;

/** Approximate memory of one value, bytes (V8 of Node 24, 2026-11). */
interface Weights {
  readonly container: number;
  readonly member: number;
}

const PARSED: Weights = { container: 80, member: 24 };

/** For values that are validated one by one and kept with their issues. */
const CHECKED: Weights = { container: 256, member: 32 };

/** Texts below this length cannot exceed the limit. */
const LIGHT = Math.floor(MAX_BYTES / (PARSED.container + 1));
const LIGHT_CHECKED = Math.floor(MAX_BYTES / (CHECKED.container + 1));

/** Also counts braces and commas inside strings: too few texts are affected to parse them exactly. */
function weigh(text: string, { container, member }: Weights): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    // Brackets and braces differ in one bit.
    if ((char | 0x20) === 0x7b) weight += container;
    else if (char === 0x2c) weight += member;
  }
  return weight;
}

/**
 * Whether a JSON text holds so many values that it must not be parsed, because the values take far more memory than the text: 20 MB of
 * `{},` are 2 GB of objects. No cost for texts below 1.6 MB.
 */
export function isHeavyJSON(text: string): boolean {
  return text.length > LIGHT && text.length + weigh(text, PARSED) > MAX_BYTES;
}

/** Adds up the memory of the JSON values of an answer. */
export interface JSONWeight {
  /** Throws `invalid_response`, not retryable, above the limit. */
  add(part: StreamPart): void;
}

/** For one answer whose values are parsed while it arrives. */
export function createJSONWeight(): JSONWeight {
  let length = 0;
  let weight = 0;
  return {
    add(part) {
      const text = part.type === "text" ? part.text : part.type === "tool-call" ? part.inputText : "";
      length += text.length;
      if (length <= LIGHT_CHECKED) return;
      weight += weigh(text, CHECKED);
      if (length + weight <= MAX_BYTES) return;
      const message = "the JSON of the answer has more values than fit into 128 MB";
      throw new LLMError({ code: "invalid_response", message, retryable: false });
    },
  };
}
