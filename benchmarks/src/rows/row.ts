import type { ContestantName } from "../contestants/contestants.ts";

/** The maximum of a contestant's figure, relative to another one. */
export interface Limit {
  readonly peer: ContestantName;
  readonly ratio: number;
  /** An optional stricter goal. */
  readonly stretch?: number;
}

/** One measurement, for one or more contestants. */
export interface Row {
  readonly what: string;
  readonly unit: "us" | "ms" | "MB";
  readonly ours: ContestantName;
  /** Contestants without a limit that are measured too. */
  readonly others: readonly ContestantName[];
  readonly limits: readonly Limit[];
  /** The absolute maximum of this client. */
  readonly most?: number;
}

/** The median of a row for each contestant. */
export interface Measured {
  readonly row: Row;
  readonly figures: ReadonlyMap<ContestantName, number>;
}
