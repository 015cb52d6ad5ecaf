import { isRecord } from "@babylon/llm-core";
import { isSimulatedProvider } from "../simulated-provider.ts";
import { SimulatorError } from "../simulator-error.ts";
import { type FaultKind, type FaultRule, WRONG_SHAPE_WAYS } from "./fault.ts";
import { isWildWay, wildWaysOf } from "./wild-ways.ts";

/** The number fields of each kind, and whether they are required. */
const NUMBERS: Readonly<Record<FaultKind, Readonly<Record<string, boolean>>>> = {
  status: { status: true },
  hang: {},
  slow: { delayMs: true },
  stall: { afterParts: false },
  reset: { afterParts: false },
  truncate: { afterParts: false },
  "no-done": {},
  malformed: { afterParts: false },
  html: {},
  empty: {},
  "error-200": {},
  "error-event": { afterParts: false },
  flood: { status: false, bytes: false },
  "gave-up": {},
  split: { bytes: true },
  reasoning: { ms: true },
  answer: {},
  "wrong-shape": {},
  wild: {},
};

const isKind = (value: unknown): value is FaultKind => typeof value === "string" && Object.hasOwn(NUMBERS, value);

/**
 * Validates a rule, which may come from a command line.
 *
 * @throws SimulatorError `invalid_option`, with the path of the invalid field
 */
export function checkFaultRule(rule: unknown, path: string): FaultRule {
  const wrong = (at: string, expected: string): SimulatorError =>
    new SimulatorError("invalid_option", `${path}${at}: expected ${expected}`);
  if (!isRecord(rule)) throw wrong("", "an object");
  if (!isSimulatedProvider(rule.provider)) throw wrong(".provider", "wandb, groq, claude or openai");
  const { fault } = rule;
  if (!isRecord(fault) || !isKind(fault.kind)) throw wrong(".fault.kind", `one of ${Object.keys(NUMBERS).join(", ")}`);
  for (const [name, required] of Object.entries(NUMBERS[fault.kind])) {
    const value = fault[name];
    if (value === undefined && !required) continue;
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
      throw wrong(`.fault.${name}`, "a number of at least 0");
  }
  if (fault.kind === "status" && !(Number(fault.status) >= 200 && Number(fault.status) <= 599)) {
    throw wrong(".fault.status", "200 to 599");
  }
  if (fault.kind === "split" && !(Number(fault.bytes) >= 1)) throw wrong(".fault.bytes", "at least 1");
  if (fault.kind === "flood" && fault.of !== undefined && fault.of !== "parts" && fault.of !== "line") {
    throw wrong(".fault.of", "parts or line");
  }
  if (fault.kind === "reset" && !["before-headers", "mid-body", "mid-stream"].includes(String(fault.when))) {
    throw wrong(".fault.when", "before-headers, mid-body or mid-stream");
  }
  if (fault.kind === "gave-up" && typeof fault.reason !== "string") throw wrong(".fault.reason", "a finish reason");
  if (fault.kind === "wild") {
    const ways = wildWaysOf(rule.provider);
    if (!isWildWay(fault.way) || !ways.includes(fault.way)) throw wrong(".fault.way", ways.join(", "));
  }
  if (fault.kind === "wrong-shape" && fault.ways !== undefined) {
    const known: readonly unknown[] = WRONG_SHAPE_WAYS;
    const ways: readonly unknown[] = Array.isArray(fault.ways) ? fault.ways : [];
    if (ways.length === 0 || !ways.every((way) => known.includes(way)))
      throw wrong(".fault.ways", WRONG_SHAPE_WAYS.join(", "));
  }
  const { probability, times } = rule;
  if (probability !== undefined && !(typeof probability === "number" && probability >= 0 && probability <= 1)) {
    throw wrong(".probability", "0 to 1");
  }
  if (times !== undefined && !(typeof times === "number" && times >= 0))
    throw wrong(".times", "a number of at least 0");
  // Provider, fault and numbers are validated above; the other fields are optional and ignored if they have another type.
  return rule as unknown as FaultRule;
}
