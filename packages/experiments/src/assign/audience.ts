import type { AssignInput, ExperimentAudience } from "@babylon/llm-core";

/** What an audience can be limited by. */
type Caller = Pick<AssignInput, "agent" | "purpose" | "tenant">;

/** The calls that an experiment is about, without its layer. */
export interface Audience {
  /** Whether a call is one of them. A call without an agent, a purpose or a tenant is not, where the audience names some. */
  has(caller: Caller): boolean;
  /** Whether a call of which only a part is known can be one of them. */
  mayHave(known: { readonly [Field in keyof Caller]?: Caller[Field] | undefined }): boolean;
}

const setOf = (list: readonly string[] | undefined): ReadonlySet<string> | null =>
  list === undefined ? null : new Set(list);

const contains = (list: ReadonlySet<string> | null, value: string | null): boolean =>
  list === null || (value !== null && list.has(value));

/** Prepares an audience; absent lists contain everything. */
export function createAudience(audience: ExperimentAudience = {}): Audience {
  const agents = setOf(audience.agents);
  const purposes = setOf(audience.purposes);
  const tenants = setOf(audience.tenants);
  return {
    has: ({ agent, purpose, tenant }) =>
      contains(agents, agent) && contains(purposes, purpose) && contains(tenants, tenant),
    mayHave: ({ agent, purpose, tenant }) =>
      (agent === undefined || contains(agents, agent)) &&
      (purpose === undefined || contains(purposes, purpose)) &&
      (tenant === undefined || contains(tenants, tenant)),
  };
}
