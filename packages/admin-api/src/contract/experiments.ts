import type { ExperimentReport } from "@babylon/experiments/contract";
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
  /** Earlier looks, the oldest first; `null`: they were not asked for by `?course=true`. */
  readonly course: readonly ExperimentLook[] | null;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** A mean of units' means, and its interval. */
export type ArmFigure = Pick<ExperimentReport["arms"][number], "mean" | "interval">;

/** The cost and the latency of the calls of an arm. */
export interface ArmFigures {
  readonly arm: string;
  /** US dollars a call. */
  readonly costUsd: ArmFigure;
  /** Milliseconds a call. */
  readonly latencyMs: ArmFigure;
}

/** What a look at the report has shown at a moment. */
export interface ExperimentLook {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly units: number;
  /** Of each arm but the control. */
  readonly comparison: ExperimentReport["comparison"];
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
