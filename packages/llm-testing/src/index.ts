export { createFakeClock, type FakeClock } from "./clock/fake-clock.ts";
export { type FixedPricer, fixedCost, fixedPricer } from "./doubles/fixed-pricer.ts";
export { type FixedArm, type FixedRouter, fixedRouter } from "./doubles/fixed-router.ts";
export { type MemorySlots, type MemorySlotsOptions, memorySlots } from "./doubles/memory-slots.ts";
export {
  type ObserverCounts,
  type RecordedAttempt,
  type RecordedCall,
  type RecordingObserver,
  type RecordingObserverOptions,
  recordingObserver,
} from "./doubles/recording-observer.ts";
export { type GateStep, type IssuedPermit, type ScriptedGate, scriptedGate } from "./doubles/scripted-gate.ts";
export { createSeededRandom } from "./doubles/seeded-random.ts";
export { type MockCall, type MockProvider, type MockProviderOptions, mockProvider } from "./mock/mock-provider.ts";
export type { MockStep } from "./mock/mock-step.ts";
export type { Phrases } from "./simulator/answer/prose.ts";
export type { AnswerUsage } from "./simulator/answer/simulated-request.ts";
export { ABSURD_WAITS } from "./simulator/fault/absurd-waits.ts";
export { commonFaults } from "./simulator/fault/common-faults.ts";
export {
  type Fault,
  type FaultKind,
  type FaultRule,
  type FaultScope,
  type ScriptedAnswer,
  WRONG_SHAPE_WAYS,
  type WrongShapeWay,
} from "./simulator/fault/fault.ts";
export { isWildWay, WILD_WAYS, type WildFate, type WildWay, wildWaysOf } from "./simulator/fault/wild-ways.ts";
export type { ModelLimits } from "./simulator/provider-wire.ts";
export type { RecordedRequest, RequestOutcome } from "./simulator/server/request-log.ts";
export type { SimulatorEnv } from "./simulator/server/simulated-keys.ts";
export type { SimulatorOptions } from "./simulator/server/simulator-options.ts";
export { SIMULATED_PROVIDERS, type SimulatedProvider } from "./simulator/simulated-provider.ts";
export { SimulatorError, type SimulatorErrorCode } from "./simulator/simulator-error.ts";
export {
  type SpawnedSimulator,
  type SpawnOptions,
  spawnProviderSimulator,
} from "./simulator/spawn-provider-simulator.ts";
export { type ProviderSimulator, startProviderSimulator } from "./simulator/start-provider-simulator.ts";
export type { SimulatedArtifact } from "./tuning/artifact-face.ts";
export {
  type Cut,
  startTuningSimulator,
  type TuningSimulator,
  type TuningSimulatorOptions,
} from "./tuning/start-tuning-simulator.ts";
export type { SimulatedJob, SimulatedModel } from "./tuning/training-face.ts";
