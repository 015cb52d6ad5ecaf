import type { ModelLink } from "../rollout/warm-up.ts";

/** Low and high end of an interval of 95 %. */
export type EvaluationInterval = readonly [low: number, high: number];

/** Two values and their difference: candidate minus baseline. */
export interface PairedFigure {
  /** Pairs of which both values are known. */
  readonly pairs: number;
  /** The mean; `null`: of no pair. */
  readonly candidate: number | null;
  readonly baseline: number | null;
  readonly difference: number | null;
  /** `null`: too few pairs. */
  readonly interval: EvaluationInterval | null;
}

/** What an evaluation has shown. */
export interface EvaluationReport {
  readonly atEpochMs: number;
  readonly candidate: ModelLink;
  /** `current`: the chain as it is. */
  readonly baseline: ModelLink | "current";
  /** Examples that both were asked. */
  readonly pairs: number;
  /** By scorer, from 0 to 1. A call that failed has 0. */
  readonly scores: Readonly<Record<string, PairedFigure>>;
  /** Calls that failed. */
  readonly failures: { readonly candidate: number; readonly baseline: number };
  readonly latencyMs: PairedFigure;
  /** US dollars. Without a pricer, and where a cost is not known, pairs are left out. */
  readonly costUsd: PairedFigure;
  /**
   * `better`: the interval of the first scorer is above 0, and no other scorer's is below. `worse`: an interval is below 0. `undecided`: neither,
   * or too few pairs.
   */
  readonly verdict: "better" | "worse" | "undecided";
  /** The verdict in words. */
  readonly why: string;
}
