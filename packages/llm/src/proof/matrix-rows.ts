import type { LLMErrorCode } from "@babylon/llm-core";
import { ABSURD_WAITS, type Fault, type SimulatedProvider, WILD_WAYS, wildWaysOf } from "@babylon/llm-testing";

/** The error code of an attempt with the fault, for every wire or by wire; `null` if the answer is complete. */
export type Outcome = LLMErrorCode | null | ((wire: SimulatedProvider) => LLMErrorCode);

/** One fault, and what an attempt with it ends in. */
export interface Row {
  readonly name: string;
  readonly fault: Fault | ((wire: SimulatedProvider) => Fault);
  readonly stream: Outcome;
  readonly json: Outcome;
  /** Attempts on the link, with one retry allowed. */
  readonly attempts: number;
  /** No other link may be tried. */
  readonly final?: true;
  /** The answer to the request is a tool call. */
  readonly calls?: true;
}

const status = (code: number, outcome: LLMErrorCode, attempts: number): Row => ({
  name: String(code),
  fault: { kind: "status", status: code },
  stream: outcome,
  json: outcome,
  attempts,
});
const whole = (name: string, fault: Fault): Row => ({ name, fault, stream: null, json: null, attempts: 1 });
const broken = (name: string, fault: Row["fault"], stream: Outcome, json: Outcome, attempts: number): Row => ({
  name,
  fault,
  stream,
  json,
  attempts,
});

/** The server ends its answer with a finish reason that means a failure. */
const gaveUp = (reason: string, outcome: LLMErrorCode): Row =>
  broken(`gave up: ${reason}`, { kind: "gave-up", reason }, outcome, outcome, 2);

/** A 429 that names the wait only in these headers. */
export const limited =
  (headers: Readonly<Record<string, string>>) =>
  (wire: SimulatedProvider): Fault => ({
    kind: "status",
    status: 429,
    headers: { "retry-after": null, "retry-after-ms": null, ...headers },
    body:
      wire === "claude"
        ? { type: "error", error: { type: "rate_limit_error", message: "Too many requests." } }
        : { error: { message: "Too many requests.", type: "requests", code: "rate_limit_exceeded" } },
  });

/** The error of each vendor in the middle of an answer: Anthropic sends an overload error, the others a server error. */
const ownFailure = (wire: SimulatedProvider): LLMErrorCode => (wire === "claude" ? "overloaded" : "server");

/** The error codes of the simulator's `wild` faults that do not leave the answer complete; the others are overload errors. */
const WILD_FAILURES: Readonly<Record<string, LLMErrorCode>> = {
  "early-stop-cut": "truncated",
  "early-stop-reset": "network",
  "stop-then-error": "truncated",
  restart: "invalid_response",
  "reason-only-early": "truncated",
  "no-reason": "truncated",
  "nameless-call": "invalid_response",
};

/** The ways that concern tool calls. */
const WILD_CALLS: ReadonlySet<string> = new Set(["calls-at-end", "input-in-start", "nameless-call"]);

/** The simulator's oddities of one wire. */
export const wildRows = (wire: SimulatedProvider): readonly Row[] =>
  wildWaysOf(wire).map((way) => {
    const fault: Fault = { kind: "wild", way };
    const code = WILD_FAILURES[way] ?? "overloaded";
    const row = WILD_WAYS[way].whole ? whole(`wild: ${way}`, fault) : broken(`wild: ${way}`, fault, code, code, 2);
    return WILD_CALLS.has(way) ? { ...row, calls: true } : row;
  });

/** The faults of all wires. */
export const ROWS: readonly Row[] = [
  status(400, "invalid_request", 1),
  status(401, "auth", 1),
  status(403, "permission", 1),
  status(404, "model_not_found", 1),
  status(500, "server", 2),
  status(502, "server", 2),
  status(503, "overloaded", 2),
  broken("429 without a wait", limited({}), "rate_limit", "rate_limit", 2),
  broken("429 for an hour", limited({ "retry-after": "3600" }), "rate_limit", "rate_limit", 1),
  broken("429 for an instant", limited({ "retry-after-ms": "5" }), "rate_limit", "rate_limit", 2),
  ...Object.entries(ABSURD_WAITS).map(([name, fault]) =>
    fault.kind === "answer" ? whole(name, fault) : broken(name, fault, "rate_limit", "rate_limit", 1),
  ),
  broken("hang", { kind: "hang" }, "timeout", "timeout", 1),
  broken("slow", { kind: "slow", delayMs: 10_000 }, "timeout", "timeout", 1),
  broken("stall before the first part", { kind: "stall", afterParts: 0 }, "timeout", "timeout", 1),
  broken("stall after two parts", { kind: "stall", afterParts: 2 }, "timeout", "timeout", 1),
  broken("reset before headers", { kind: "reset", when: "before-headers" }, "network", "network", 2),
  broken("reset in an event", { kind: "reset", when: "mid-body", afterParts: 2 }, "network", "network", 2),
  broken("reset between events", { kind: "reset", when: "mid-stream", afterParts: 2 }, "network", "network", 2),
  broken("truncate at once", { kind: "truncate", afterParts: 0 }, "truncated", "invalid_response", 2),
  broken("truncate", { kind: "truncate", afterParts: 2 }, "truncated", "truncated", 2),
  broken("malformed", { kind: "malformed", afterParts: 1 }, "invalid_response", "truncated", 2),
  broken("html", { kind: "html" }, "invalid_response", "invalid_response", 2),
  broken("empty", { kind: "empty" }, "invalid_response", "invalid_response", 2),
  broken("error object in a 200", { kind: "error-200" }, ownFailure, ownFailure, 2),
  broken("error event", { kind: "error-event", afterParts: 2 }, ownFailure, ownFailure, 2),
  gaveUp("abort", "truncated"),
  gaveUp("network_error", "truncated"),
  gaveUp("Cancelled", "truncated"),
  gaveUp("insufficient_system_resource", "overloaded"),
  gaveUp("MALFORMED_FUNCTION_CALL", "invalid_response"),
  {
    ...broken(
      "refusal",
      { kind: "answer", text: "", reasoning: null, finishReason: "content-filter" },
      "content_filter",
      "content_filter",
      1,
    ),
    final: true,
  },
  broken("flood", { kind: "flood" }, "invalid_response", "invalid_response", 1),
  broken("flood in one line", { kind: "flood", of: "line" }, "invalid_response", "invalid_response", 1),
  broken("flood, compressed", { kind: "flood", gzip: true }, "invalid_response", "invalid_response", 1),
  broken("flood behind a 500", { kind: "flood", status: 500 }, "server", "server", 2),
  whole("an unknown finish reason", { kind: "answer", rawFinishReason: "odd_new_reason" }),
  whole("no end marker", { kind: "no-done" }),
  whole("split at every byte", { kind: "split", bytes: 1 }),
  whole("visible reasoning", { kind: "reasoning", ms: 40, visible: true }),
  whole("silent reasoning", { kind: "reasoning", ms: 40, visible: false }),
  whole("healthy", { kind: "answer" }),
];
