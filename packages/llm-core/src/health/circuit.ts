import type { LLMErrorCode } from "../errors/error-code.ts";
import type { BreakerConfig } from "./breaker-config.ts";

const BUCKETS = 10;

/** What opened a circuit or made it rest. */
export interface Blame {
  readonly code: LLMErrorCode;
  readonly message: string;
}

/** All that the state of a link is read from. Never written to: a change is another one, so that no change goes unnoticed. */
export interface Standing {
  /** `null` while closed. */
  readonly openUntilMonoMs: number | null;
  readonly openBlame: Blame | null;
  readonly restUntilMonoMs: number;
  readonly restBlame: Blame | null;
  /** The one probe of a half-open link is out. */
  readonly probing: boolean;
}

/** One circuit: counts what happened, knows whether it is open. Mutable, with time handed in. */
export interface Circuit {
  readonly standing: Standing;
  /** Called with each new standing. */
  readonly onChange: (standing: Standing) => void;
  consecutive: number;
  /** Trips so far; an attempt that began before the latest one says nothing any more. */
  trips: number;
  /** Trips without a success in between: each doubles the cool-down. */
  reopened: number;
  /** Rate limits in a row. */
  refusals: number;
  /** Until when it rests because of these, although no reply named a time. */
  unnamedRestUntilMonoMs: number;
  lastUsedMonoMs: number;
  /** Successes and failures by slice of the window. */
  readonly slices: { at: number; good: number; bad: number }[];
}

const CLOSED: Standing = {
  openUntilMonoMs: null,
  openBlame: null,
  restUntilMonoMs: 0,
  restBlame: null,
  probing: false,
};

/** A closed circuit. */
export function createCircuit(now: number, onChange: Circuit["onChange"]): Circuit {
  return {
    standing: CLOSED,
    onChange,
    consecutive: 0,
    trips: 0,
    reopened: 0,
    refusals: 0,
    unnamedRestUntilMonoMs: 0,
    lastUsedMonoMs: now,
    slices: [],
  };
}

/** The only place that changes how a circuit stands. */
function restand(circuit: Circuit, change: Partial<Standing>): void {
  // Read-only for everybody else.
  const own: { standing: Standing } = circuit;
  own.standing = { ...circuit.standing, ...change };
  circuit.onChange(own.standing);
}

/** The probe goes out, or has ended. */
export function setProbing(circuit: Circuit, probing: boolean): void {
  if (circuit.standing.probing !== probing) restand(circuit, { probing });
}

/** The link served a call: a rest that no reply named is over. */
export function endRefusals(circuit: Circuit): void {
  if (circuit.refusals === 0) return;
  circuit.refusals = 0;
  if (circuit.standing.restUntilMonoMs === circuit.unnamedRestUntilMonoMs) restand(circuit, { restUntilMonoMs: 0 });
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
  circuit.consecutive = 0;
  circuit.reopened = 0;
  if (circuit.standing.openUntilMonoMs !== null) {
    restand(circuit, { openUntilMonoMs: null, openBlame: null });
    circuit.slices.length = 0;
  }
  count(circuit, true, now, config.windowMs);
}

/** Opens the circuit for so long. */
export function trip(circuit: Circuit, now: number, blame: Blame, forMs: number): void {
  circuit.trips += 1;
  circuit.reopened += 1;
  restand(circuit, { openUntilMonoMs: now + forMs, openBlame: blame });
  circuit.consecutive = 0;
  circuit.slices.length = 0;
}

/**
 * Rests for so long; the longer of two rests wins. One that is cut to `maxMs` ends with a probe, because the provider has not said that
 * it is over: the circuit counts as open, with nothing left of its cool-down.
 */
export function rest(circuit: Circuit, now: number, forMs: number, maxMs: number, blame: Blame): void {
  const { standing } = circuit;
  const restUntilMonoMs = now + Math.min(forMs, maxMs);
  if (!(restUntilMonoMs > standing.restUntilMonoMs)) return;
  restand(circuit, { restUntilMonoMs, restBlame: blame });
  if (forMs <= maxMs) return;
  circuit.trips += 1;
  restand(circuit, { openUntilMonoMs: standing.openUntilMonoMs ?? now, openBlame: standing.openBlame ?? blame });
}

/** Counts a failure. `true`: there are too many, or the failed attempt was the circuit's probe: it has to open. */
export function countFailure(circuit: Circuit, config: BreakerConfig, now: number, probe: boolean): boolean {
  circuit.consecutive += 1;
  count(circuit, false, now, config.windowMs);
  return probe || circuit.consecutive >= config.consecutiveFailures || failsTooOften(circuit, config, now);
}
