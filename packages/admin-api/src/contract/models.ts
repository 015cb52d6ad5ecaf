import type {
  LinkHealth,
  ModelInfo,
  PlannedLink,
  ProviderStanding,
  RetiredModel,
  ServiceStatus,
  SkippedProvider,
  SystemSettings,
} from "@babylon/llm-core";
import type { OlderSettings } from "@babylon/settings-store/schema";
import type { Permission } from "../authorize.ts";
import type { BudgetsSummary } from "./budgets.ts";

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
  /** Whether models are trained, so that there are the routes below `/tuning`. */
  readonly tuning: boolean;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}
