import type { Figures, Spread } from "../contract/figures.ts";
import { addToSketch, bucketOf, createSketch, quantileOf, type Sketch, subtractSketch } from "./sketch.ts";

/** A call or attempt that has ended. */
export interface EndedCall {
  readonly good: boolean;
  /** Served by another provider than the first of the healthy chain. Default false. */
  readonly fallback?: boolean;
  readonly durationMs: number;
  /** `null`: no token. */
  readonly firstTokenMs: number | null;
}

/** A call with its precomputed buckets, because it is counted in several tallies. */
export interface CountedCall extends EndedCall {
  readonly durationBucket: number;
  /** Ignored if there was no first token. */
  readonly firstTokenBucket: number;
}

/** Finds the buckets of a call. */
export function toCountedCall({ good, fallback = false, durationMs, firstTokenMs }: EndedCall): CountedCall {
  return {
    good,
    fallback,
    durationMs,
    firstTokenMs,
    durationBucket: bucketOf(durationMs),
    firstTokenBucket: bucketOf(firstTokenMs ?? 0),
  };
}

/** Counts of a set of calls. */
export interface Tally {
  calls: number;
  succeeded: number;
  fallbacks: number;
  /** Of successful calls only. */
  readonly durations: Sketch;
  readonly firstTokens: Sketch;
}

/** Creates an empty tally. */
export const createTally = (): Tally => ({
  calls: 0,
  succeeded: 0,
  fallbacks: 0,
  durations: createSketch(),
  firstTokens: createSketch(),
});

/** Counts one call. */
export function addToTally(tally: Tally, call: CountedCall): void {
  tally.calls += 1;
  if (!call.good) return;
  tally.succeeded += 1;
  if (call.fallback === true) tally.fallbacks += 1;
  addToSketch(tally.durations, call.durationMs, call.durationBucket);
  if (call.firstTokenMs !== null) addToSketch(tally.firstTokens, call.firstTokenMs, call.firstTokenBucket);
}

/** Subtracts calls that were counted before. */
export function subtractTally(from: Tally, part: Tally): void {
  from.calls -= part.calls;
  from.succeeded -= part.succeeded;
  from.fallbacks -= part.fallbacks;
  subtractSketch(from.durations, part.durations);
  subtractSketch(from.firstTokens, part.firstTokens);
}

function spreadOf(sketch: Sketch): Spread | null {
  const p50 = quantileOf(sketch, 0.5);
  const p95 = quantileOf(sketch, 0.95);
  return p50 === null || p95 === null ? null : { p50, p95 };
}

/** The figures of a tally. */
export function toFigures({ calls, succeeded, durations, firstTokens }: Tally): Figures {
  return {
    calls,
    succeeded,
    successRate: calls === 0 ? null : succeeded / calls,
    durationMs: spreadOf(durations),
    firstTokenMs: spreadOf(firstTokens),
  };
}
