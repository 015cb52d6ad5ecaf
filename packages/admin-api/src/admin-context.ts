import type { Clock, Plan } from "@babylon/llm-core";
import type { AdminLLM, AdminSettings } from "./admin-shapes.ts";
import type { Permission } from "./authorize.ts";
import type { ModelLists } from "./model-lists.ts";
import type { RateLimit } from "./rate-limit.ts";

/** What the routes share. */
export interface AdminContext {
  readonly llm: AdminLLM;
  readonly settings: AdminSettings;
  readonly lists: { read(configured: ReadonlySet<string>): Promise<ModelLists> };
  readonly testLimit: RateLimit;
  readonly clock: Clock;
  /** How long the body of a request may take, milliseconds. */
  readonly bodyTimeoutMs: number;
}

/** One authorized request. */
export interface AdminRequest {
  readonly request: Request;
  readonly actor: string;
  readonly permissions: readonly Permission[];
}

/** The providers that have a key. */
export function configuredOf({ providers }: Plan): ReadonlySet<string> {
  return new Set(providers.filter(({ configured }) => configured).map(({ provider }) => provider));
}
