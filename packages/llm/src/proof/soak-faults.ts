import {
  ABSURD_WAITS,
  commonFaults,
  type Fault,
  type FaultRule,
  type SimulatedProvider,
  wildWaysOf,
} from "@babylon/llm-testing";

const FAULT_SHARE = 0.3;

const FAULTS: readonly Fault[] = [
  ...commonFaults(1_200),
  { kind: "flood" },
  { kind: "flood", gzip: true },
  { kind: "flood", status: 503 },
  { kind: "gave-up", reason: "abort" },
  { kind: "gave-up", reason: "insufficient_system_resource" },
  ...Object.values(ABSURD_WAITS),
];

const faultsOf = (provider: SimulatedProvider): readonly Fault[] => [
  ...FAULTS,
  ...wildWaysOf(provider).map((way): Fault => ({ kind: "wild", way })),
];

/** A reply that asks for a year rests its link for every call, until a probe: with an even share no link would be in use any more. */
const RARE: ReadonlySet<Fault> = new Set(Object.values(ABSURD_WAITS));
const weightOf = (fault: Fault): number => (RARE.has(fault) ? 0.05 : 1);

/** Each kind with the same share, but for the rare ones, so that together they strike three requests in ten. */
export function soakFaults(providers: readonly SimulatedProvider[]): FaultRule[] {
  return providers.flatMap((provider) => {
    const faults = faultsOf(provider);
    const weights = faults.reduce((sum, fault) => sum + weightOf(fault), 0);
    let before = 0;
    return faults.map((fault): FaultRule => {
      const share = (FAULT_SHARE * weightOf(fault)) / weights;
      // The first rule that strikes counts: later ones only see what earlier ones let pass.
      const probability = share / (1 - before);
      before += share;
      return { provider, fault, probability };
    });
  });
}
