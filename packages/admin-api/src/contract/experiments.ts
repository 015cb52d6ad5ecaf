import type { ArmFigure, ExperimentLook, ExperimentReport } from "@babylon/experiments/contract";
import type { ExperimentSettings } from "@babylon/llm-core";

/** The reply of `GET …/experiments`. */
export interface ExperimentsData {
  /** By id, of the settings. */
  readonly experiments: Readonly<Record<string, ExperimentSettings>>;
  /** Of the settings. */
  readonly version: number | null;
  /** Whether there are reports: `GET …/experiments/:id`. */
  readonly reports: boolean;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The reply of `GET …/experiments/:id`. */
export interface ExperimentData {
  readonly id: string;
  readonly settings: ExperimentSettings;
  /** Of the settings. */
  readonly version: number | null;
  readonly report: ExperimentReport;
  /** What calls of the arms cost and how long they take, as assigned. */
  readonly figures: readonly ArmFigures[];
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The cost and the latency of the calls of an arm. */
export interface ArmFigures {
  readonly arm: string;
  /** US dollars a call. */
  readonly costUsd: ArmFigure;
  /** Milliseconds a call. */
  readonly latencyMs: ArmFigure;
}

/** The reply of `GET …/experiments/:id/course`. */
export interface ExperimentCourse {
  readonly id: string;
  /** Earlier looks and that of now, the oldest first. Those before the first call are left out. */
  readonly looks: readonly ExperimentLook[];
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The body of `POST …/experiments/:id`. The reply is that of `PUT`. */
export interface ExperimentAction {
  /** `promote` ends the experiment and makes the arm the rule. */
  readonly action: "start" | "pause" | "stop" | "promote";
  /** The winner: required by `promote`, optional for `stop`. */
  readonly arm?: string | undefined;
  /** Refuse with 409 when the settings have another version. Default: no check. */
  readonly expectedVersion?: number | undefined;
  /** The reason, for the history; up to 200 characters. */
  readonly reason?: string | undefined;
}
