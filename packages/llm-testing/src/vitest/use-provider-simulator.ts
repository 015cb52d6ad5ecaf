import type { CallRecord, Recorder } from "@babylon/llm-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { SimulatorEnv } from "../simulator/server/simulated-keys.ts";
import type { SimulatorOptions } from "../simulator/server/simulator-options.ts";
import { type ProviderSimulator, startProviderSimulator } from "../simulator/start-provider-simulator.ts";
import { createTruthLedger, type TruthLedger, type WireOf } from "./truth-ledger.ts";

const LOOK_AGAIN_MS = 10;

/** Options of {@link useProviderSimulator}. */
export interface UseProviderSimulatorOptions extends SimulatorOptions {
  /** Which vendor a provider id stands for. Default: the vendor whose id it is or begins with. */
  readonly wireOf?: WireOf | undefined;
  /** How long what is still on its way after a test, records and requests, may take to add up. Default 1 s. */
  readonly settleMs?: number | undefined;
}

/** The simulator of a file of tests. */
export interface SimulatorInTests {
  /** Throws before the first test has begun. */
  readonly simulator: ProviderSimulator;
  readonly env: SimulatorEnv;
  /** For the client: `recorders: [recorder]`. Without it every request counts as one without a record. */
  readonly recorder: Recorder;
  /** The records of the current test. */
  readonly records: readonly CallRecord[];
  /** For tests that call a provider without a client: tells of each request, before or after it is made. */
  readonly truth: Pick<TruthLedger, "attempt">;
}

/**
 * Runs a simulator for the tests of a file: started before them, reset before each, closed after them. After each test the requests
 * that it received are compared with the attempts in all records, by call and provider; a difference fails the test.
 */
export function useProviderSimulator(given: UseProviderSimulatorOptions = {}): SimulatorInTests {
  const { wireOf, settleMs = 1_000, ...options } = given;
  const ledger = createTruthLedger(wireOf);
  const records: CallRecord[] = [];
  let running: ProviderSimulator | undefined;

  beforeAll(async () => {
    running = await startProviderSimulator(options);
    running.onRequest(ledger.request);
  });
  beforeEach(() => {
    running?.reset();
    records.length = 0;
  });
  afterEach(async () => {
    const differences = await settled(ledger, settleMs);
    ledger.settle();
    if (differences.length > 0) {
      throw new Error(`requests and records do not add up:\n${differences.map((one) => `- ${one}`).join("\n")}`);
    }
  });
  afterAll(() => running?.close());

  const simulator = (): ProviderSimulator => {
    if (running === undefined) throw new Error("useProviderSimulator: there is a simulator in tests and hooks alone");
    return running;
  };
  return {
    get simulator() {
      return simulator();
    },
    get env() {
      return simulator().env;
    },
    recorder(record) {
      records.push(record);
      ledger.record(record);
    },
    records,
    truth: { attempt: ledger.attempt },
  };
}

/** Records come after their calls have settled, and requests after their attempts: what does not add up yet may do so soon. */
async function settled(ledger: TruthLedger, settleMs: number): Promise<readonly string[]> {
  const until = performance.now() + settleMs;
  for (;;) {
    const differences = ledger.differences();
    if (differences.length === 0 || performance.now() >= until) return differences;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
