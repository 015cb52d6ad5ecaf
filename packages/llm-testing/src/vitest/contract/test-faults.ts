import { isLLMError, LLMError, type LLMErrorCode } from "@babylon/llm-core";
import { expect } from "vitest";
import type { Fault } from "../../simulator/fault/fault.ts";
import type { ContractBench } from "./contract-bench.ts";

interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  readonly stream: readonly LLMErrorCode[];
  readonly json: readonly LLMErrorCode[];
  /** A stream may also end without a finish part. */
  readonly mayEnd?: boolean;
}

const BROKEN: readonly LLMErrorCode[] = ["invalid_response", "truncated"];
const NETWORK: readonly LLMErrorCode[] = ["network"];
/** The code of an error inside a successful reply: the vendor's if it states one, else `invalid_response`. */
const IN_BAND: readonly LLMErrorCode[] = ["overloaded", "server", "invalid_response"];

const CASES: readonly FaultCase[] = [
  { name: "a reset before the head", fault: { kind: "reset", when: "before-headers" }, stream: NETWORK, json: NETWORK },
  {
    name: "a reset in the middle of an event",
    fault: { kind: "reset", when: "mid-body" },
    stream: NETWORK,
    json: NETWORK,
  },
  { name: "a reset between events", fault: { kind: "reset", when: "mid-stream" }, stream: NETWORK, json: NETWORK },
  { name: "a clean end before the finish", fault: { kind: "truncate" }, stream: BROKEN, json: BROKEN, mayEnd: true },
  {
    name: "a clean end before the first part",
    fault: { kind: "truncate", afterParts: 0 },
    stream: BROKEN,
    json: BROKEN,
    mayEnd: true,
  },
  { name: "an event that is not JSON", fault: { kind: "malformed" }, stream: ["invalid_response"], json: BROKEN },
  { name: "a web page", fault: { kind: "html" }, stream: ["invalid_response"], json: ["invalid_response"] },
  { name: "nothing", fault: { kind: "empty" }, stream: BROKEN, json: BROKEN, mayEnd: true },
  { name: "an error object in a 200", fault: { kind: "error-200" }, stream: IN_BAND, json: IN_BAND },
  { name: "an error event", fault: { kind: "error-event" }, stream: IN_BAND, json: IN_BAND },
  ...["abort", "Network_Error", "cancelled", "failed", "timeout"].map((reason) => gaveUp(reason, ["truncated"])),
  ...["overloaded", "insufficient_system_resource"].map((reason) => gaveUp(reason, ["overloaded"])),
  gaveUp("MALFORMED_FUNCTION_CALL", ["invalid_response"]),
  { name: "an error event at once", fault: { kind: "error-event", afterParts: 0 }, stream: IN_BAND, json: IN_BAND },
];

function gaveUp(reason: string, codes: readonly LLMErrorCode[]): FaultCase {
  return { name: `an end for the reason "${reason}"`, fault: { kind: "gave-up", reason }, stream: codes, json: codes };
}

/** Successful replies that do not contain a whole answer. */
export function testFaults(bench: ContractBench): void {
  for (const { name, fault, stream, json, mayEnd = false } of CASES) {
    bench.test(`${name} is an error, streamed and whole`, async () => {
      bench.server.setFault(fault);
      const streamed = await bench.collect(bench.request());
      expect(streamed.response, "a broken stream may not look finished").toBeNull();
      if (!(mayEnd && streamed.error === null)) expectCode(streamed.error, stream);
      expectCode(await bench.rejection(bench.provider().generate(bench.request(), bench.context())), json);
    });
  }

  bench.test("parts that came before a fault are given first", async () => {
    for (const fault of [
      { kind: "reset", when: "mid-stream", afterParts: 3 },
      { kind: "error-event", afterParts: 3 },
      { kind: "malformed", afterParts: 3 },
    ] as const) {
      bench.server.setFault(fault);
      const { parts, error } = await bench.collect(bench.request());
      expect(isLLMError(error), fault.kind).toBe(true);
      // A signature closes a block of reasoning without text.
      const visible = parts.filter((part) => (part.type === "text" || part.type === "reasoning") && part.text !== "");
      expect(visible.length, fault.kind).toBe(3);
    }
  });
}

function expectCode(error: unknown, codes: readonly LLMErrorCode[]): void {
  if (!isLLMError(error)) throw new Error(`expected an LLMError, got ${String(error)}`);
  expect(codes, error.message).toContain(error.code);
  const { retryable, fallback } = new LLMError({ code: error.code, message: "" });
  expect(error).toMatchObject({ retryable, fallback });
}
