import type { BudgetLevel, BudgetOutage, BudgetWindow, ScopeField } from "@babylon/budget/contract";
import type { ExperimentReport } from "@babylon/experiments/contract";
import type {
  AgentSettings,
  Attempt,
  BudgetRule,
  CallRecord,
  Cost,
  ExperimentSettings,
  Exposure,
  Figures,
  LinkHealth,
  LLMErrorCode,
  ModelInfo,
  PlannedLink,
  ProviderSettings,
  ProviderStanding,
  RecordedContent,
  RetiredModel,
  ServiceStatus,
  SkippedProvider,
  SystemSettings,
  Usage,
  WindowName,
} from "@babylon/llm-core";
import type { CallSummary, Percentiles, UsageBucket, UsageDimension, UsageRow } from "@babylon/record-store/contract";
import type { AgentPatch, ProviderPatch, SettingsPatch } from "@babylon/settings-store/patch";
import type { OlderSettings } from "@babylon/settings-store/schema";
import type { Permission } from "./authorize.ts";

export type {
  AgentPatch,
  AgentSettings,
  BudgetLevel,
  BudgetOutage,
  BudgetRule,
  BudgetWindow,
  CallSummary,
  Cost,
  ExperimentReport,
  ExperimentSettings,
  Figures,
  LinkHealth,
  ModelInfo,
  OlderSettings,
  Percentiles,
  Permission,
  PlannedLink,
  ProviderPatch,
  ProviderSettings,
  ProviderStanding,
  RecordedContent,
  RetiredModel,
  ScopeField,
  ServiceStatus,
  SettingsPatch,
  SkippedProvider,
  SystemSettings,
  Usage,
  UsageBucket,
  UsageDimension,
  UsageRow,
  WindowName,
};

/** A model in the older, three-field shape. */
export interface OlderModel {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** One provider as the page shows it: its name, its variables and its state. */
export interface ProviderOverview extends ProviderStanding {
  /** `Weights & Biases`. */
  readonly name: string;
  /** The variable that holds its key; `null`: it needs none. */
  readonly envKey: string | null;
  /** The variable that names its model. */
  readonly envModel: string | null;
  /** The page where keys are created; `null`: not known. */
  readonly keyURL: string | null;
  /** Used when nothing else names a model. */
  readonly defaultModel: string;
}

/** A model that can be chosen. */
export interface ListedModel extends ModelInfo {
  /** Whether the provider's live list contains it; `null` if there is no live list. */
  readonly listed: boolean | null;
}

/** The models of one provider. */
export interface ProviderModels {
  /** The built-in ones first, then those of the live list. */
  readonly models: readonly ListedModel[];
  /** Ids that are retired, or will be, and their replacements. */
  readonly retired: Readonly<Record<string, RetiredModel>>;
  /** Epoch milliseconds of the live list; `null` when there is none. */
  readonly listedAt: number | null;
}

/** The links as the process that answered sees them. */
export interface AdminHealth {
  readonly scope: "this process";
  readonly links: readonly LinkHealth[];
}

/** What the page shows. */
export interface AdminData {
  /** The older shape. */
  readonly currentSettings: OlderSettings;
  readonly settings: SystemSettings;
  /** Counts saved changes; sent back as `expectedVersion`. */
  readonly version: number | null;
  /** ISO 8601. */
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  /** Whether a key is available, by provider id. */
  readonly providers: Readonly<Record<string, boolean>>;
  /** What a call would try now, in order. */
  readonly chain: readonly PlannedLink[];
  readonly skipped: readonly SkippedProvider[];
  /** Every provider in the order of the settings. */
  readonly overview: readonly ProviderOverview[];
  readonly health: AdminHealth;
  /** How calls fare, in the process that answered. */
  readonly status: ServiceStatus;
  /** The first link of the plan; `null` when nothing can be called. */
  readonly activeProvider: string | null;
  /** The older shape: the live models of `wandb`. */
  readonly wandbModels: readonly OlderModel[];
  /** By provider id. */
  readonly models: Readonly<Record<string, ProviderModels>>;
  /** The older shape: the recommended models of `wandb`. */
  readonly recommendedModels: readonly OlderModel[];
  /** Messages for the visitor. */
  readonly warnings: readonly string[];
  /** The name of the visitor. */
  readonly actor: string;
  /** Without `write` the page is read-only. */
  readonly permissions: readonly Permission[];
  /** Whether calls are recorded, so that there are the routes `/usage` and `/calls`. */
  readonly records: boolean;
  /** The state of all budgets; `null`: there are none, and no routes below `/budgets`. */
  readonly budgets: BudgetsSummary | null;
  /** Whether there are reports of experiments, so that there is the route `/experiments/:id`. */
  readonly experiments: boolean;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** Options of every form of `PUT`. */
export interface SaveOptions {
  /** Save although no provider would be left, or an id is unknown. Default false. */
  readonly force?: boolean | undefined;
  /** The reason, for the history; up to 200 characters. */
  readonly reason?: string | undefined;
}

/** The older body: absent fields are not changed, `null` removes the model. */
export interface OlderPut extends SaveOptions {
  readonly wandbModel?: string | null | undefined;
  readonly wandbEnabled?: boolean | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Applies a merge patch. */
export interface PatchPut extends SaveOptions {
  readonly patch: SettingsPatch;
  /** Refuse with 409 when the settings have another version. Default: no check. */
  readonly expectedVersion?: number | undefined;
}

/** Replaces all settings. */
export interface ReplacePut extends SaveOptions {
  readonly settings: SystemSettings;
  readonly expectedVersion: number;
}

/** The body of `PUT`. */
export type PutBody = OlderPut | PatchPut | ReplacePut;

/** The settings after a saved change. The first two fields are the older shape. */
export interface SavedData extends OlderSettings {
  readonly settings: SystemSettings;
  readonly version: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  readonly activeProvider: string | null;
  readonly warnings: readonly string[];
}

/** The body of `POST …/test`. Empty: the chain with the saved settings. */
export interface TestBody {
  /** Only this provider, even if it is switched off. Default: the chain. */
  readonly provider?: string | undefined;
  /** With `provider`. Default: the model of the settings. */
  readonly model?: string | undefined;
  /** Pending settings, used for this call only. Default: the saved ones. */
  readonly settings?: SystemSettings | undefined;
}

/** A successful test. */
export interface TestData {
  readonly provider: string;
  readonly model: string;
  /** Milliseconds to the first token. */
  readonly firstTokenMs: number | null;
  /** Milliseconds until the answer was complete. */
  readonly durationMs: number;
  readonly usage: Usage;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** The facts of a failed test. */
export interface TestFailure {
  readonly provider: string | null;
  readonly model: string | null;
  /** The provider's HTTP status. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly durationMs: number;
  readonly attempts: readonly Pick<Attempt, "provider" | "model" | "durationMs" | "outcome" | "error">[];
}

/** One saved change. */
export interface HistoryItem {
  /** The version that the change made. */
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch that leads from the version before to this one. */
  readonly patch: SettingsPatch;
  /** The settings of this version. */
  readonly settings: SystemSettings;
}

/** The reply of `GET …/history`, newest first: all that are kept, or with `?limit=` the latest of them. */
export interface HistoryData {
  readonly version: number | null;
  readonly entries: readonly HistoryItem[];
}

/** The body of `POST …/rollback`: the version to restore, as a new version. */
export interface RollbackBody {
  readonly version: number;
  readonly expectedVersion?: number | undefined;
  readonly force?: boolean | undefined;
}

/** The reply of `GET …/usage`. */
export interface UsageData {
  /** Epoch milliseconds: calls that started at or after this, and before `to`. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly bucket: UsageBucket;
  readonly by: readonly UsageDimension[];
  /** The start of each period, epoch milliseconds, also of those without calls, which have no rows. */
  readonly periods: readonly number[];
  readonly rows: readonly UsageRow[];
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** A line of a reply with `Accept: application/x-ndjson`, before the last one. */
export interface ProgressLine {
  /** The share of the work that is done, from 0 to 1. */
  readonly progress: number;
}

/** The reply of `GET …/calls`, newest calls first. */
export interface CallsData {
  readonly calls: readonly CallSummary[];
  /** Sent back as `before`; `null`: there are no more. With a search also where the search stopped early. */
  readonly next: string | null;
  /** The number of calls that were read, also those that a search did not match. */
  readonly scanned: number;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** An attempt of a call, without the schema of its answer. */
export type DetailAttempt = Omit<Attempt, "responseFormat" | "schemaDialect">;

/** A call without its content. */
export interface CallDetail extends Omit<CallSummary, "attempts"> {
  readonly attempts: readonly DetailAttempt[];
  readonly unit: CallRecord["unit"];
  readonly metadata: CallRecord["metadata"];
  readonly responseId: string | null;
  readonly finishReason: CallRecord["finishReason"];
  readonly experiments: readonly Pick<
    Exposure,
    "experiment" | "version" | "arm" | "bucket" | "probability" | "served" | "excluded"
  >[];
  readonly seams: CallRecord["seams"];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
}

/** The reply of `GET …/calls/:id`. */
export interface CallData {
  readonly call: CallDetail;
  /** Whether prompts and answers of this call are stored. */
  readonly contentStored: boolean;
  /** Whether the visitor has the permission `content`. */
  readonly mayReadContent: boolean;
  /** Only with `?content=true`. */
  readonly content: RecordedContent | null;
}

/** The state of all budgets in a few numbers. */
export interface BudgetsSummary {
  /** Windows by level. */
  readonly levels: Readonly<Record<BudgetLevel, number>>;
  /** The windows that are over or near their limits, the most used first, at most three. */
  readonly worst: readonly BudgetWindow[];
  /** The outage of their store; `null`: it answers. */
  readonly outage: BudgetOutage | null;
}

/** Who spends in a window. */
export interface Spender {
  /** The name of an agent or a tenant; `""`: calls without one. */
  readonly name: string;
  /** In the window's unit, as far as it is known. `null`: no amount of it is known. */
  readonly amount: number | null;
  /** Attempts whose amount is not known. */
  readonly unknown: number;
}

/** The spenders of one window, from the records of calls: the largest amounts first. */
export interface WindowSpenders {
  /** The key of the window. */
  readonly key: string;
  /** Empty where the scope names the agent. */
  readonly agents: readonly Spender[];
  /** Empty where the scope names the tenant. */
  readonly tenants: readonly Spender[];
}

/** The reply of `GET …/budgets`. */
export interface BudgetsData {
  /** The current windows; of more than 500 the most used. */
  readonly windows: readonly BudgetWindow[];
  /** The number of all windows. */
  readonly total: number;
  readonly outage: BudgetOutage | null;
  /** The rules of the code. One of the settings with the same id replaces it. */
  readonly rulesOfCode: readonly BudgetRule[];
  /** Of the windows that `?spenders=` names; default: of the five most used. `null`: calls are not recorded, or the records are away. */
  readonly spenders: readonly WindowSpenders[] | null;
  /** Whether there are records that could not be read. */
  readonly recordsAway: boolean;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The body of `POST …/budgets/write-off`. */
export interface WriteOffBody {
  /** The key of a window. */
  readonly key: string;
  /** How much of what is presumed, a whole number in the window's unit. Default: all. */
  readonly presumed?: number | undefined;
}

/** The reply of `POST …/budgets/write-off`. */
export interface WriteOffData {
  /** The window afterwards; `null`: it has ended. */
  readonly window: BudgetWindow | null;
}

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

/** Every way a request can fail; a test also fails with the codes of `LLMError`. */
export type AdminErrorCode =
  | "unauthorized"
  | "forbidden"
  | "cross_site"
  | "not_found"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "too_large"
  | "body_timeout"
  | "invalid_body"
  | "invalid_query"
  | "unknown_provider"
  | "unknown_version"
  | "unknown_call"
  | "unknown_budget"
  | "unknown_experiment"
  | "no_provider_left"
  | "missing_key"
  | "conflict"
  | "rate_limited"
  | "settings_unavailable"
  | "write_unknown"
  | "records_unavailable"
  | "budgets_unavailable"
  | "experiments_unavailable"
  | "internal"
  | LLMErrorCode;

/** The stored settings, sent with a conflict. */
export interface CurrentSettings {
  readonly settings: SystemSettings;
  readonly version: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/** One error in a body or a query. */
export interface BodyIssue {
  /** Dotted; empty for the whole body. In a query the name of the parameter. */
  readonly path: string;
  readonly message: string;
}

/** The reply of every failure. */
export interface AdminFailure {
  readonly success: false;
  /** A message for the visitor. */
  readonly error: string;
  readonly code: AdminErrorCode;
  /** With `internal`: the id under which the server's log has the cause. */
  readonly id?: string;
  /** With `conflict`. */
  readonly current?: CurrentSettings;
  /** With `invalid_body` and `invalid_query`. */
  readonly issues?: readonly BodyIssue[];
  /** With a failed test. */
  readonly test?: TestFailure;
  /** With `rate_limited`, milliseconds. */
  readonly retryAfterMs?: number;
}

/** The reply of every success. */
export interface AdminSuccess<T> {
  readonly success: true;
  readonly data: T;
  readonly message?: string;
}

/** A reply. */
export type AdminReply<T> = AdminSuccess<T> | AdminFailure;
