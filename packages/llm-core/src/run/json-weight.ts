import type { StreamPart } from "../contract/model-answer.ts";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../contract/provider.ts";
import { LLMError } from "../errors/llm-error.ts";

/** What a text and the values that it is parsed into may take together, bytes. */
const MOST = 2 * DEFAULT_MAX_RESPONSE_BYTES;

/** About what one more value takes in memory, bytes (V8 of Node 24, 2026-11). */
interface Weights {
  readonly container: number;
  readonly member: number;
}

const PARSED: Weights = { container: 80, member: 24 };

/** Of values that are checked one by one and kept with what is wrong with them. */
const CHECKED: Weights = { container: 256, member: 32 };

/** A text below this can hold no more values than fit. */
const LIGHT = Math.floor(MOST / (PARSED.container + 1));
const LIGHT_CHECKED = Math.floor(MOST / (CHECKED.container + 1));

/** Counts also what stands inside strings: few texts have as many braces and commas as would be too many. */
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
 * Whether a JSON text holds so many values that parsing it would take far more memory than the text: 20 MB of `{},` are 2 GB of
 * objects. Then it is not to be parsed. Costs nothing for texts below 1.6 MB.
 */
export function isHeavyJSON(text: string): boolean {
  return text.length > LIGHT && text.length + weigh(text, PARSED) > MOST;
}

/** Adds up what the values in an answer take that is JSON. */
export interface JSONWeight {
  /** Throws `invalid_response`, not retryable, when they are too many. */
  add(part: StreamPart): void;
}

/** For one answer that values are read from while it arrives. */
export function createJSONWeight(): JSONWeight {
  let length = 0;
  let weight = 0;
  return {
    add(part) {
      const text = part.type === "text" ? part.text : part.type === "tool-call" ? part.inputText : "";
      length += text.length;
      if (length <= LIGHT_CHECKED) return;
      weight += weigh(text, CHECKED);
      if (length + weight <= MOST) return;
      const message = "the answer is JSON of more values than fit into 128 MB";
      throw new LLMError({ code: "invalid_response", message, retryable: false });
    },
  };
}
