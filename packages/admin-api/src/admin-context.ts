import type { Clock, Logger, Plan } from "@babylon/llm-core";
import type {
  AdminBudget,
  AdminExperiments,
  AdminLLM,
  AdminRecords,
  AdminSettings,
  AdminTuning,
} from "./admin-shapes.ts";
import type { Permission } from "./authorize.ts";
import type { SpenderReader } from "./budgets/window-spenders.ts";
import { AdminError } from "./http/admin-error.ts";
import type { ModelLists } from "./model-lists.ts";
import type { RateLimit } from "./rate-limit.ts";

/** What the routes share. */
export interface AdminContext {
  readonly llm: AdminLLM;
  readonly settings: AdminSettings;
  /** `null`: calls are not recorded. */
  readonly records: AdminRecords | null;
  /** `null`: there are no budgets. */
  readonly budget: AdminBudget | null;
  readonly spenders: SpenderReader;
  /** `null`: there are no reports of experiments. */
  readonly experiments: AdminExperiments | null;
  /** `null`: no models are trained. */
  readonly tuning: AdminTuning | null;
  readonly lists: { read(configured: ReadonlySet<string>): Promise<ModelLists> };
  readonly testLimit: RateLimit;
  readonly writeOffLimit: RateLimit;
  readonly clock: Clock;
  /** How long the body of a request may take, milliseconds. */
  readonly bodyTimeoutMs: number;
  readonly logger: Logger;
  /** The response for what a route threw; logs what is not expected. */
  fail(request: Request, thrown: unknown): Response;
}

/** One authorized request. */
export interface AdminRequest {
  readonly request: Request;
  readonly actor: string;
  readonly permissions: readonly Permission[];
  /** The last segment of the path, decoded, where the route has one, such as the id of a call. */
  readonly below: string | null;
}

/** The providers that have a key. */
export function configuredOf({ providers }: Plan): ReadonlySet<string> {
  return new Set(providers.filter(({ configured }) => configured).map(({ provider }) => provider));
}

/** The records. Throws `not_found` without any. */
export function recordsOf({ records }: AdminContext): AdminRecords {
  if (records !== null) return records;
  throw new AdminError("not_found", "calls are not recorded: pass records to createAdminHandler");
}

/** The budgets. Throws `not_found` without any. */
export function budgetOf({ budget }: AdminContext): AdminBudget {
  if (budget !== null) return budget;
  throw new AdminError("not_found", "there are no budgets: pass budget to createAdminHandler");
}

/** The experiments. Throws `not_found` without any. */
export function experimentsOf({ experiments }: AdminContext): AdminExperiments {
  if (experiments !== null) return experiments;
  throw new AdminError("not_found", "there are no reports of experiments: pass experiments to createAdminHandler");
}

/** The tuning. Throws `not_found` without any. */
export function tuningOf({ tuning }: AdminContext): AdminTuning {
  if (tuning !== null) return tuning;
  throw new AdminError("not_found", "no models are trained: pass tuning to createAdminHandler");
}
