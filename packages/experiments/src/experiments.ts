import type {
  CallObserver,
  CallRouter,
  Clock,
  Logger,
  Recorder,
  SettingsSnapshot,
  SystemSettings,
} from "@babylon/llm-core";
import type { JudgeClient } from "./judge/judge.ts";
import type { MetricDefinition } from "./metrics/metric.ts";
import type { ExperimentLook, ExperimentReport } from "./report/experiment-report.ts";
import type { EraseExperimentRows } from "./retention/erase-request.ts";
import type { ExperimentRows } from "./rows/experiment-rows.ts";
import type { ChangeOptions, ExperimentsSettings } from "./settings/experiments-settings.ts";
import type { JudgingLimits } from "./shadow/judging-limits.ts";

/** Options of `createExperiments`. */
export interface ExperimentsOptions {
  /** Where exposures and observations are stored: `await openExperimentRows({ url })`. Not closed with the experiments. */
  readonly rows: ExperimentRows;
  /**
   * Metrics that are observed after the call, by name. Latency, first token, cost, failure, fallback, output tokens and schema failures need
   * no definition: `latencyMs`, `firstTokenMs`, `costUsd`, `failure`, `fallback`, `outputTokens`, `schemaFailures`. Default: any name is
   * accepted by `observe`, as a mean within 24 hours.
   */
  readonly metrics?: Readonly<Record<string, MetricDefinition>> | undefined;
  /** The settings with the experiments, for reports and shadows; a store also for `stop`, `promote` and pausing harmful arms. */
  readonly settings?: ExperimentsSettings | undefined;
  /** What shadow calls and judges may cost. */
  readonly judging?: JudgingLimits | undefined;
  /** How often harmful arms are looked for, of experiments that ask for it, milliseconds. `null`: never. Default 5 minutes. */
  readonly guardEveryMs?: number | null | undefined;
  /**
   * How long the rows of experiments that have ended are kept, days since their last call; `null`: forever. Those of drafts, running and paused
   * experiments are never removed. Needs `settings`, to know what has ended. Default 400.
   */
  readonly keepDays?: number | null | undefined;
  /**
   * The secret for hashes of units; equal in all processes, and never changed while an experiment runs. Default: that of the rows.
   */
  readonly hashSecret?: string | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** From 0 to below 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
}

/** The unit of {@link Experiments.peek}. */
export interface PeekUnit {
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  readonly callId?: string | undefined;
  /** Of the call. Absent: the purposes of the audience are not checked. */
  readonly purpose?: string | undefined;
  /** Of the call. Absent: the tenants of the audience are not checked. */
  readonly tenant?: string | undefined;
}

/** A value that the application has observed. Give `callId` or `unit`. */
export interface Observation {
  /** The call that it is about. */
  readonly callId?: string | undefined;
  /** The id of the agent or session that it is about. */
  readonly unit?: string | undefined;
  readonly metric: string;
  /** `true` counts as 1 and `false` as 0. */
  readonly value: number | boolean;
  /** When it was observed, epoch milliseconds. Default: now. */
  readonly at?: number | undefined;
}

/** Options of {@link Experiments.report}. */
export interface ReportOptions {
  /** Whether calls count for the arm that they were assigned to, or only those that its model served. Default `assigned`. */
  readonly as?: "assigned" | "served" | undefined;
  /** Default: the store's. */
  readonly settings?: SystemSettings | SettingsSnapshot | undefined;
  /** The units as they were at a moment, epoch milliseconds: an earlier look. Exclusions and shadows are those of now. Default: now. */
  readonly until?: number | undefined;
  /** Further metrics, of which the report has the means of the arms (`figures`). Costs less than a report of its own. Default: none. */
  readonly figures?: readonly string[] | undefined;
}

/** Options of {@link Experiments.course}. */
export interface CourseOptions extends Pick<ReportOptions, "as" | "settings"> {
  /** The looks, epoch milliseconds, the earliest first. */
  readonly at: readonly number[];
}

/** Experiments between models: assignment, exposures, observations and reports. */
export interface Experiments {
  /** For `router` of a client. Pure: the same unit has the same arm in all processes with the same settings. */
  readonly router: CallRouter;
  /** For `recorders` of a client. Returns at once; rows are stored each second. */
  readonly recorder: Recorder;
  /** For `observers` of a client: shadow calls and judges need the answers. Costs nothing without them. */
  readonly observer: CallObserver;
  /**
   * The client for shadow calls. Without it none are made. With a ledger their number and that of questions to judges is limited for all processes
   * together, as with `judging.ledger`, which has a higher priority.
   */
  attach(llm: JudgeClient, shared?: Pick<JudgingLimits, "ledger">): void;
  /** The limit that a client with a shared state applies to all processes together. */
  readonly judging: { readonly maxUsdPerDay: number };
  /** The arm of a unit in a running experiment, without an exposure. `null`: none, or what is known of the unit is not of the audience. */
  peek(
    experiment: string,
    unit: PeekUnit,
    settings?: SystemSettings | SettingsSnapshot,
  ): { readonly arm: string; readonly bucket: number } | null;
  /**
   * Adds a value of a metric, once for each call or unit and metric: the first one counts. Rejects with `invalid_input`; a database that is away
   * is no error, the value waits for it.
   */
  observe(observation: Observation): Promise<void>;
  /**
   * What an experiment has shown. May be looked at any number of times. Rejects with `invalid_input` for an unknown experiment and with
   * `StorageError`.
   */
  report(experiment: string, options?: ReportOptions): Promise<ExperimentReport>;
  /**
   * What earlier looks at the report have shown, from one pass over the rows: as many `report` with `until`, in a fraction of the time. Rejects as
   * {@link report}.
   */
  course(experiment: string, options: CourseOptions): Promise<readonly ExperimentLook[]>;
  /** Ends an experiment by a change of the settings. Rejects with `invalid_input` and as the store's `update`. */
  stop(experiment: string, options?: ChangeOptions & { readonly winner?: string | null | undefined }): Promise<void>;
  /**
   * Ends an experiment and makes an arm the rule, by one change of the settings: for all calls, for the agents of its audience, or for its purposes
   * and tenants, by a rollout (an experiment of one arm). Rejects as {@link stop}.
   */
  promote(experiment: string, options: ChangeOptions & { readonly winner: string }): Promise<void>;
  /**
   * Removes the rows of the calls of an agent or session, of a tenant, or of one call, with what was observed of them, also in experiments that are
   * running. Returns the number of calls. Rejects with `invalid_input`, and with `StorageError`, also while rows wait for the database.
   */
  erase(request: EraseExperimentRows): Promise<number>;
  /** Removes the rows that `keepDays` does not keep. Happens by itself each hour, in one process at a time. Returns the number of exposures. */
  prune(): Promise<number>;
  /** Resolves when shadow calls and judges have ended and the rows so far are stored. */
  flush(): Promise<void>;
  /** Stores what waits and stops all timers. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** Rows of this process that are lost. */
  readonly lost: number;
}
