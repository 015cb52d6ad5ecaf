import { afford, COST, type Effort } from "./effort.ts";
import { repairJson } from "./repair-json.ts";
import { requote } from "./requote.ts";

const ESCAPED_AS_A_WHOLE = /^[{[]\s*\\"/;

/**
 * Reads what is almost JSON; `undefined` when it cannot be, or costs more than is left. Only for text that holds the end of its
 * value, and is not strict JSON.
 */
export function repair(source: string, effort: Effort): unknown {
  if (!afford(effort, COST.repairing + source.length * COST.repair)) return undefined;
  // Written as if it stood inside a string: {\"post\":\"x\"}
  if (ESCAPED_AS_A_WHOLE.test(source)) {
    effort.left -= COST.exception;
    const unescaped = parseOrUndefined(`"${source}"`);
    if (typeof unescaped === "string") return parseOrUndefined(unescaped) ?? repair(unescaped, effort);
  }
  try {
    return repairJson(requote(source));
  } catch {
    effort.left -= COST.exception;
    return undefined;
  }
}

/** What strict JSON says; `undefined` when it is none. */
export function parseOrUndefined(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
