import { type CallRecord, createLLMClient, isLLMError, type LLMError, type TextResult } from "@babylon/llm-core";
import {
  type ProviderSimulator,
  SIMULATED_PROVIDERS,
  type SimulatedProvider,
  startProviderSimulator,
} from "@babylon/llm-testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultProviders } from "../default-providers.ts";
import { createCountingClock } from "./counting-clock.ts";
import { limited, ROWS, type Row, wildRows } from "./matrix-rows.ts";

type Transport = "stream" | "json";
type Position = "first" | "middle" | "last";

/** More than any answer without a fault, and reached quickly. */
const MAX_RESPONSE_BYTES = 512 * 1024;

const TRANSPORTS: readonly Transport[] = ["stream", "json"];
const POSITIONS: readonly Position[] = ["first", "middle", "last"];
/** Short for faults that time out; else long enough for a busy machine. */
const limitsOf = ({ stream }: Row) =>
  stream === "timeout"
    ? { firstTokenMs: 120, idleMs: 100, attemptMs: 120, totalMs: 20_000 }
    : { firstTokenMs: 5_000, idleMs: 5_000, attemptMs: 5_000, totalMs: 20_000 };

const TEXT = { prompt: "Say something about the harbour." } as const;

/** The simulator calls a tool that the prompt names. */
const CALL = {
  prompt: "Use look_up for the harbour.",
  tools: {
    look_up: {
      inputSchema: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      },
    },
  },
} as const;

/** What every complete answer has, whatever happened on the wire. */
function expectWhole(result: TextResult, row: Row, at: string): void {
  if (row.calls !== true) expect(result.text.length, at).toBeGreaterThan(0);
  else
    expect(result.toolCalls, at).toMatchObject([
      { name: "look_up", input: { city: expect.any(String) }, invalid: null },
    ]);
  expect(result.usage.outputTokens, at).toBeGreaterThan(0);
}

/** Three links with the wire under test at the given position; the links before it are down. */
function chainOf(
  wire: SimulatedProvider,
  position: Position,
): { order: SimulatedProvider[]; down: SimulatedProvider[] } {
  const [a, b] = SIMULATED_PROVIDERS.filter((each) => each !== wire);
  if (a === undefined || b === undefined) throw new Error("the simulator has four wires");
  if (position === "first") return { order: [wire, a, b], down: [] };
  return position === "middle" ? { order: [a, wire, b], down: [a] } : { order: [a, b, wire], down: [a, b] };
}

async function runCell(
  simulator: ProviderSimulator,
  row: Row,
  transport: Transport,
  position: Position,
  wire: SimulatedProvider,
) {
  simulator.reset();
  simulator.clearFaults();
  const { order, down } = chainOf(wire, position);
  for (const provider of down) simulator.setFault(provider, { kind: "status", status: 401 });
  simulator.setFault(wire, typeof row.fault === "function" ? row.fault(wire) : row.fault);
  const clock = createCountingClock();
  const records: CallRecord[] = [];
  const llm = createLLMClient({
    providers: defaultProviders(),
    env: { ...simulator.env },
    clock,
    timeouts: limitsOf(row),
    retry: { maxRetries: 1, baseDelayMs: 2 },
    maxResponseBytes: MAX_RESPONSE_BYTES,
    settings: {
      order,
      providers: Object.fromEntries(
        SIMULATED_PROVIDERS.filter((id) => !order.includes(id)).map((id) => [id, { enabled: false }]),
      ),
      agents: {},
    },
    recorders: [(record) => void records.push(record)],
  });
  let result: TextResult | null = null;
  let error: LLMError | null = null;
  try {
    result = await llm.generateText({ ...(row.calls === true ? CALL : TEXT), transport });
  } catch (thrown) {
    if (!isLLMError(thrown)) throw thrown;
    error = thrown;
  }
  // The client can plan after any reply.
  const { providers } = await llm.plan();
  const timersLeft = clock.pending;
  await llm.close();
  for (const { id } of simulator.requests) await simulator.waitForClosed(id);
  return { order, result, error, record: records[0], records: records.length, timersLeft, planned: providers.length };
}

/** Parallel calls while every link is down: many more than the limit of calls in flight. */
const PARALLEL_CALLS = 300;

const STORMS: readonly { readonly name: string; readonly fault: Row["fault"] }[] = [
  { name: "503", fault: { kind: "status", status: 503 } },
  { name: "500", fault: { kind: "status", status: 500 } },
  { name: "401", fault: { kind: "status", status: 401 } },
  { name: "429 for a minute", fault: limited({ "retry-after": "60" }) },
  { name: "429 without a wait", fault: limited({}) },
  { name: "a reset", fault: { kind: "reset", when: "before-headers" } },
  { name: "html", fault: { kind: "html" } },
];

/** A client with three links, the wire under test first, and default policies. */
function chainWithDefaults(simulator: ProviderSimulator, wire: SimulatedProvider) {
  simulator.reset();
  simulator.clearFaults();
  const { order } = chainOf(wire, "first");
  const switchedOff = SIMULATED_PROVIDERS.filter((id) => !order.includes(id));
  const llm = createLLMClient({
    providers: defaultProviders(),
    env: { ...simulator.env },
    maxConcurrency: 32,
    retry: { baseDelayMs: 100 },
    settings: { order, providers: Object.fromEntries(switchedOff.map((id) => [id, { enabled: false }])), agents: {} },
  });
  return { order, llm };
}

/**
 * Tests every fault with streaming and JSON on the first, middle and last link of a chain, on one wire: the outcome of the call, that
 * the records match the requests, and that no timers or connections remain.
 */
export function faultMatrix(wire: SimulatedProvider): void {
  let simulator: ProviderSimulator;
  let cells = 0;
  beforeAll(async () => {
    simulator = await startProviderSimulator();
    // Loads the SDKs before the first time limit starts.
    const llm = createLLMClient({ providers: defaultProviders(), env: { ...simulator.env } });
    for (const provider of SIMULATED_PROVIDERS) await llm.generateText({ prompt: "Warm up.", provider });
  });
  afterAll(async () => {
    await simulator.close();
    console.log(`fault matrix, ${wire}: ${cells} cells`);
  });

  describe.each(TRANSPORTS)("by %s", (transport) => {
    it.each([...ROWS, ...wildRows(wire)])("$name", { timeout: 30_000 }, async (row) => {
      for (const position of POSITIONS) {
        cells += 1;
        const at = `${position} link`;
        const cell = await runCell(simulator, row, transport, position, wire);
        const { order, result, error, record, records, timersLeft, planned } = cell;
        const expected = row[transport];
        const outcome = typeof expected === "function" ? expected(wire) : expected;
        const served = outcome === null ? wire : row.final === true ? undefined : order[order.indexOf(wire) + 1];

        // Provider or error.
        expect(result?.provider, at).toBe(served);
        if (served === undefined) expect(error?.code, at).toBe(row.final === true ? outcome : "all_failed");
        if (result !== null) expectWhole(result, row, at);
        const own = record?.attempts.filter(({ provider }) => provider === wire) ?? [];
        const codes = own.map((attempt) => attempt.error?.code ?? null);
        expect(codes, at).toEqual(Array.from({ length: row.attempts }, () => outcome));

        // Every request is one attempt of the single record; no timers or connections remain.
        expect(records, at).toBe(1);
        const requestedProviders = simulator.requests.map(({ provider }) => provider);
        expect(
          record?.attempts.map(({ provider }) => provider),
          at,
        ).toEqual(requestedProviders);
        expect(new Set(simulator.requests.map(({ callId }) => callId)), at).toEqual(new Set([record?.callId]));
        expect(planned, at).toBe(SIMULATED_PROVIDERS.length);
        expect(timersLeft, at).toBe(0);
        expect(simulator.openRequests(), at).toBe(0);
      }
    });
  });

  it.each(STORMS)("$name on every link: calls that wait share their probes", { timeout: 30_000 }, async ({ fault }) => {
    const { order, llm } = chainWithDefaults(simulator, wire);
    for (const most of [1.2, 0.6]) {
      simulator.reset();
      for (const provider of order) simulator.setFault(provider, typeof fault === "function" ? fault(wire) : fault);
      const calls = Array.from({ length: PARALLEL_CALLS }, () =>
        llm.generateText({ prompt: "Anybody?", transport: "json" }),
      );
      for (const call of await Promise.allSettled(calls))
        expect(call).toMatchObject({ reason: { code: "all_failed" } });
      expect(simulator.requests.length / PARALLEL_CALLS).toBeLessThanOrEqual(most);
    }

    // As soon as one link recovers, the next calls are served, whatever the state of the circuits.
    simulator.setFault(wire, null);
    const calls = Array.from({ length: PARALLEL_CALLS }, () =>
      llm.generateText({ prompt: "And now?", transport: "json" }),
    );
    for (const { provider } of await Promise.all(calls)) expect(provider).toBe(wire);
    await llm.close();
  });

  it("timeouts of short calls do not open the circuit of a slower link", { timeout: 30_000 }, async () => {
    const { order, llm } = chainWithDefaults(simulator, wire);
    for (const provider of order) simulator.setFault(provider, { kind: "slow", delayMs: 300 });
    const timeouts = { totalMs: 300 };
    const calls = Array.from({ length: 60 }, () => llm.generateText({ prompt: "Quick!", timeouts }));
    await Promise.allSettled(calls);
    const states = llm.health().map(({ state }) => state);
    expect(states).toEqual(order.map(() => "closed"));
    await llm.close();
  });
}
