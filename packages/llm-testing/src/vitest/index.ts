export { contention } from "./contention.ts";
export type { ContractFactory, ContractFactoryOptions, ContractOptions } from "./contract/contract-bench.ts";
export type { ContractRequest, ContractServer } from "./contract/contract-server.ts";
export { testProvider } from "./contract/test-provider.ts";
export { cpuMs } from "./cpu-ms.ts";
export { expectLinear, type LinearLimits } from "./expect-linear.ts";
export { createRequestFinder, type RequestFinder } from "./request-finder.ts";
export { slowness } from "./slowness.ts";
export { createTruthLedger, type TruthLedger, type WireOf } from "./truth-ledger.ts";
export { useRecordingObserver, useScriptedGate } from "./use-doubles.ts";
export {
  type SimulatorInTests,
  type UseProviderSimulatorOptions,
  useProviderSimulator,
} from "./use-provider-simulator.ts";
