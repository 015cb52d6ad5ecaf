import type {
  AgentSettings,
  Attempt,
  LinkHealth,
  LLMErrorCode,
  ModelInfo,
  PlannedLink,
  ProviderSettings,
  ProviderStanding,
  RetiredModel,
  SkippedProvider,
  SystemSettings,
  Usage,
} from "@babylon/llm-core";
import type { AgentPatch, ProviderPatch, SettingsPatch } from "@babylon/settings-store/patch";
import type { OlderSettings } from "@babylon/settings-store/schema";

export type {
  AgentPatch,
  AgentSettings,
  LinkHealth,
  ModelInfo,
  OlderSettings,
  PlannedLink,
  ProviderPatch,
  ProviderSettings,
  ProviderStanding,
  RetiredModel,
  SettingsPatch,
  SkippedProvider,
  SystemSettings,
};

/** A model in the older, three-field shape. */
export interface OlderModel {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** One provider for people: what it is, and where it stands. */
export interface ProviderOverview extends ProviderStanding {
  /** `Weights & Biases`. */
  readonly name: string;
  /** The variable that holds its key; `null`: it needs none. */
  readonly envKey: string | null;
  /** The variable that names its model. */
  readonly envModel: string | null;
  /** The page where a key is made; `null`: not known. */
  readonly keyURL: string | null;
  /** Used when nothing else names a model. */
  readonly defaultModel: string;
}

/** A model that can be chosen. */
export interface ListedModel extends ModelInfo {
  /** Whether the provider's live list holds it; `null` when there is no live list. */
  readonly listed: boolean | null;
}

/** The models of one provider. */
export interface ProviderModels {
  /** Those known without asking first, then the live ones. */
  readonly models: readonly ListedModel[];
  /** Ids that are served no more, or not for long, and what replaces them. */
  readonly retired: Readonly<Record<string, RetiredModel>>;
  /** Epoch milliseconds of the live list; `null` when there is none. */
  readonly listedAt: number | null;
}

/** The figures are those of the process that answered. */
export interface AdminHealth {
  readonly scope: "this process";
  readonly links: readonly LinkHealth[];
}

/** What the page shows. */
export interface AdminData {
  /** The older shape. */
  readonly currentSettings: OlderSettings;
  readonly settings: SystemSettings;
  /** Counts saved changes; goes back as `expectedVersion`. */
  readonly version: number | null;
  /** ISO 8601. */
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  /** Whether a key is at hand, by provider id. */
  readonly providers: Readonly<Record<string, boolean>>;
  /** What a call would try now, in order. */
  readonly chain: readonly PlannedLink[];
  readonly skipped: readonly SkippedProvider[];
  /** Every provider in the order of the settings. */
  readonly overview: readonly ProviderOverview[];
  readonly health: AdminHealth;
  /** The first link of the plan; `null` when nothing can be called. */
  readonly activeProvider: string | null;
  /** The older shape: the live models of `wandb`. */
  readonly wandbModels: readonly OlderModel[];
  /** By provider id. */
  readonly models: Readonly<Record<string, ProviderModels>>;
  /** The older shape: the recommended models of `wandb`. */
  readonly recommendedModels: readonly OlderModel[];
  /** For people. */
  readonly warnings: readonly string[];
  /** Who the server takes the caller for. */
  readonly actor: string;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** What every form of `PUT` may carry beside the change. */
export interface SaveOptions {
  /** Save although no provider would be left, or an id is unknown. Default false. */
  readonly force?: boolean | undefined;
  /** Why, for the history; up to 200 characters. */
  readonly reason?: string | undefined;
}

/** The older body: absent fields stay as they are, `null` takes the model away. */
export interface OlderPut extends SaveOptions {
  readonly wandbModel?: string | null | undefined;
  readonly wandbEnabled?: boolean | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Changes what the patch names. */
export interface PatchPut extends SaveOptions {
  readonly patch: SettingsPatch;
  /** Refuse with 409 when the settings have another version. Default: change whatever there is. */
  readonly expectedVersion?: number | undefined;
}

/** Replaces all settings. */
export interface ReplacePut extends SaveOptions {
  readonly settings: SystemSettings;
  readonly expectedVersion: number;
}

/** The body of `PUT`. */
export type PutBody = OlderPut | PatchPut | ReplacePut;

/** What a saved change leads to. The first two fields are the older shape. */
export interface SavedData extends OlderSettings {
  readonly settings: SystemSettings;
  readonly version: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  readonly activeProvider: string | null;
  readonly warnings: readonly string[];
}

/** The body of `POST …/test`. Empty: what a call would do now. */
export interface TestBody {
  /** This provider and no other, though it be switched off. Default: the chain. */
  readonly provider?: string | undefined;
  /** With `provider`. Default: the model of the settings. */
  readonly model?: string | undefined;
  /** Pending settings, used for this call only. Default: the saved ones. */
  readonly settings?: SystemSettings | undefined;
}

/** A test that was answered. */
export interface TestData {
  readonly provider: string;
  readonly model: string;
  /** Milliseconds to the first token. */
  readonly firstTokenMs: number | null;
  /** Milliseconds in all. */
  readonly durationMs: number;
  readonly usage: Usage;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** A test that failed, beside `error` and `code`. */
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
  /** The settings as this version had them. */
  readonly settings: SystemSettings;
}

/** The reply of `GET …/history`, newest first: all that are remembered, or with `?limit=` the latest of them. */
export interface HistoryData {
  readonly version: number | null;
  readonly entries: readonly HistoryItem[];
}

/** The body of `POST …/rollback`: the version whose settings come back, as a new version. */
export interface RollbackBody {
  readonly version: number;
  readonly expectedVersion?: number | undefined;
  readonly force?: boolean | undefined;
}

/** Every way a request can fail; a test also fails with the codes of `LLMError`. */
export type AdminErrorCode =
  | "unauthorized"
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
  | "no_provider_left"
  | "missing_key"
  | "conflict"
  | "rate_limited"
  | "settings_unavailable"
  | "write_unknown"
  | "internal"
  | LLMErrorCode;

/** What is stored, sent with a conflict. */
export interface CurrentSettings {
  readonly settings: SystemSettings;
  readonly version: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/** One thing that is wrong with a body. */
export interface BodyIssue {
  /** Dotted; empty for the whole body. */
  readonly path: string;
  readonly message: string;
}

/** The reply of every failure. */
export interface AdminFailure {
  readonly success: false;
  /** For people. */
  readonly error: string;
  readonly code: AdminErrorCode;
  /** With `internal`: the id that stands in the server's log, too. */
  readonly id?: string;
  /** With `conflict`. */
  readonly current?: CurrentSettings;
  /** With `invalid_body`. */
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
