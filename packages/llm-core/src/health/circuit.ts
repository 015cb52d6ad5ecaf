import type { LLMErrorCode } from "../errors/error-code.ts";
import type { BreakerConfig } from "./breaker-config.ts";

const BUCKETS = 10;

/** Why a circuit opened or rests. */
export interface CircuitReason {
  readonly code: LLMErrorCode;
  readonly message: string;
}

/** Everything that determines the state of a link. Immutable: each change creates a new object, so that no change is missed. */
export interface CircuitState {
  /** `null` while closed. */
  readonly openUntilMonoMs: number | null;
  readonly openReason: CircuitReason | null;
  readonly restUntilMonoMs: number;
  readonly restReason: CircuitReason | null;
  /** The probe of a half-open link is in flight. */
  readonly probing: boolean;
}

/** One circuit: counts results and has the state. Mutable; time is passed in. */
export interface Circuit {
  readonly state: CircuitState;
  /** Called with each new state. */
  readonly onChange: (state: CircuitState) => void;
  failuresInARow: number;
  /** Number of trips; results of attempts that began before the latest trip are ignored. */
  trips: number;
  /** Trips without a success in between: each one doubles the cool-down. */
  tripsInARow: number;
  /** Rate limits in a row. */
  rateLimitsInARow: number;
  /** End of a rest caused by rate limits without a `Retry-After`. */
  unnamedRestUntilMonoMs: number;
  lastUsedMonoMs: number;
  /** Successes and failures per slice of the window. */
  readonly slices: { at: number; good: number; bad: number }[];
}

const CLOSED: CircuitState = {
  openUntilMonoMs: null,
  openReason: null,
  restUntilMonoMs: 0,
  restReason: null,
  probing: false,
};

/** A closed circuit. */
export function createCircuit(now: number, onChange: Circuit["onChange"]): Circuit {
  return {
    state: CLOSED,
    onChange,
    failuresInARow: 0,
    trips: 0,
    tripsInARow: 0,
    rateLimitsInARow: 0,
    unnamedRestUntilMonoMs: 0,
    lastUsedMonoMs: now,
    slices: [],
  };
}

/** The only function that changes the state of a circuit. */
function setState(circuit: Circuit, change: Partial<CircuitState>): void {
  // `state` is read-only for all other code.
  const own: { state: CircuitState } = circuit;
  own.state = { ...circuit.state, ...change };
  circuit.onChange(own.state);
}

/** Sets whether the probe is in flight. */
export function setProbing(circuit: Circuit, probing: boolean): void {
  if (circuit.state.probing !== probing) setState(circuit, { probing });
}

/** The link answered: ends a rest that was not requested by a `Retry-After`. */
export function resetRateLimits(circuit: Circuit): void {
  if (circuit.rateLimitsInARow === 0) return;
  circuit.rateLimitsInARow = 0;
  if (circuit.state.restUntilMonoMs === circuit.unnamedRestUntilMonoMs) setState(circuit, { restUntilMonoMs: 0 });
}

function count(circuit: Circuit, good: boolean, now: number, windowMs: number): void {
  const width = windowMs / BUCKETS;
  const at = Math.floor(now / width);
  const { slices } = circuit;
  let slice = slices.at(-1);
  if (slice === undefined || slice.at !== at) {
    while (slices[0] !== undefined && slices[0].at <= at - BUCKETS) slices.shift();
    slice = { at, good: 0, bad: 0 };
    slices.push(slice);
  }
  if (good) slice.good += 1;
  else slice.bad += 1;
}

function failsTooOften(circuit: Circuit, config: BreakerConfig, now: number): boolean {
  const oldest = Math.floor(now / (config.windowMs / BUCKETS)) - BUCKETS;
  let good = 0;
  let bad = 0;
  for (const slice of circuit.slices) {
    if (slice.at <= oldest) continue;
    good += slice.good;
    bad += slice.bad;
  }
  return good + bad >= config.minimumCalls && bad / (good + bad) >= config.failureRate;
}

/** Closes the circuit: the link answered. */
export function countSuccess(circuit: Circuit, config: BreakerConfig, now: number): void {
  circuit.failuresInARow = 0;
  circuit.tripsInARow = 0;
  if (circuit.state.openUntilMonoMs !== null) {
    setState(circuit, { openUntilMonoMs: null, openReason: null });
    circuit.slices.length = 0;
  }
  count(circuit, true, now, config.windowMs);
}

/** Opens the circuit for `forMs`. */
export function trip(circuit: Circuit, now: number, reason: CircuitReason, forMs: number): void {
  circuit.trips += 1;
  circuit.tripsInARow += 1;
  setState(circuit, { openUntilMonoMs: now + forMs, openReason: reason });
  circuit.failuresInARow = 0;
  circuit.slices.length = 0;
}

/**
 * Rests for `forMs`; the longer of two rests wins. A rest shortened to `maxMs` is followed by a probe, because the provider requested more:
 * the circuit counts as open, with no cool-down left.
 */
export function rest(circuit: Circuit, now: number, forMs: number, maxMs: number, reason: CircuitReason): void {
  const { state } = circuit;
  const restUntilMonoMs = now + Math.min(forMs, maxMs);
  if (!(restUntilMonoMs > state.restUntilMonoMs)) return;
  setState(circuit, { restUntilMonoMs, restReason: reason });
  if (forMs <= maxMs) return;
  circuit.trips += 1;
  setState(circuit, { openUntilMonoMs: state.openUntilMonoMs ?? now, openReason: state.openReason ?? reason });
}

/** Counts a failure. `true`: the circuit must open, because there are too many failures or the failed attempt was its probe. */
export function countFailure(circuit: Circuit, config: BreakerConfig, now: number, probe: boolean): boolean {
  circuit.failuresInARow += 1;
  count(circuit, false, now, config.windowMs);
  return probe || circuit.failuresInARow >= config.consecutiveFailures || failsTooOften(circuit, config, now);
}
