import type { CallRecord, Recorder } from "@babylon/llm-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { SimulatorEnv } from "../simulator/server/simulated-keys.ts";
import type { SimulatorOptions } from "../simulator/server/simulator-options.ts";
import { type ProviderSimulator, startProviderSimulator } from "../simulator/start-provider-simulator.ts";
import { createTruthLedger, type TruthLedger, type WireOf } from "./truth-ledger.ts";

const LOOK_AGAIN_MS = 10;

/** Options of {@link useProviderSimulator}. */
export interface UseProviderSimulatorOptions extends SimulatorOptions {
  /** Maps a provider id to a vendor. Default: the vendor whose id it equals or starts with. */
  readonly wireOf?: WireOf | undefined;
  /** Maximum wait after a test for records and requests that are still in flight. Default 1 s. */
  readonly settleMs?: number | undefined;
}

/** The simulator of a test file. */
export interface SimulatorInTests {
  /** Throws before the first test starts. */
  readonly simulator: ProviderSimulator;
  readonly env: SimulatorEnv;
  /** For the client: `recorders: [recorder]`. Without it every request counts as one without a record. */
  readonly recorder: Recorder;
  /** The records of the current test. */
  readonly records: readonly CallRecord[];
  /** For tests that call a provider without a client: report each request with it, before or after it is made. */
  readonly truth: Pick<TruthLedger, "attempt">;
}

/**
 * Runs a simulator for the tests of a file: started before them, reset before each test, closed after them. After each test the received
 * requests are compared with the attempts in all records, by call and provider; a difference fails the test.
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

/** Waits for late records and requests: records arrive after their calls have settled, and requests may arrive after their attempts. */
async function settled(ledger: TruthLedger, settleMs: number): Promise<readonly string[]> {
  const until = performance.now() + settleMs;
  for (;;) {
    const differences = ledger.differences();
    if (differences.length === 0 || performance.now() >= until) return differences;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
