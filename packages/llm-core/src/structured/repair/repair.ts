import { afford, EFFORT, type Effort } from "../effort.ts";
import { repairJson } from "./repair-json.ts";
import { requote } from "./requote.ts";

const ESCAPED_AS_A_WHOLE = /^[{[]\s*\\"/;

/**
 * Repairs and parses malformed JSON; `undefined` if that fails, or the remaining effort is too small. Only for text that contains the end
 * of its value and is not strict JSON.
 */
export function repair(source: string, effort: Effort): unknown {
  if (!afford(effort, EFFORT.repairing + source.length * EFFORT.repair)) return undefined;
  // Escaped as if inside a string: {\"post\":\"x\"}
  if (ESCAPED_AS_A_WHOLE.test(source)) {
    effort.remaining -= EFFORT.exception;
    const unescaped = parseOrUndefined(`"${source}"`);
    if (typeof unescaped === "string") return parseOrUndefined(unescaped) ?? repair(unescaped, effort);
  }
  try {
    return repairJson(requote(source));
  } catch {
    effort.remaining -= EFFORT.exception;
    return undefined;
  }
}

/** Parses strict JSON; `undefined` if it is not JSON. */
export function parseOrUndefined(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
