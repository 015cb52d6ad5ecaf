import type { ContestantName } from "../contestants/contestants.ts";

/** What one contestant may cost at the most, in comparison with one peer. */
export interface Limit {
  readonly peer: ContestantName;
  readonly ratio: number;
  /** A share that would be better still. */
  readonly stretch?: number;
}

/** One thing that is measured, for one or more contestants. */
export interface Row {
  readonly what: string;
  readonly unit: "us" | "ms" | "MB";
  readonly ours: ContestantName;
  /** Whom else it is measured for, beside those of the limits. */
  readonly others: readonly ContestantName[];
  readonly limits: readonly Limit[];
  /** The most that ours may be, whatever the peers are. */
  readonly most?: number;
}

/** The median of a row for each who took part. */
export interface Measured {
  readonly row: Row;
  readonly figures: ReadonlyMap<ContestantName, number>;
}
