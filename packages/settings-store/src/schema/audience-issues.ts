import type { ExperimentAudience } from "@babylon/llm-core";
import * as v from "valibot";
import { agentIdSchema } from "./agent-id-schema.ts";
import { createAudienceSchema } from "./audience-schema.ts";

/** What is wrong with an audience. */
export interface AudienceIssue {
  /** `null`: the audience as a whole. */
  readonly field: keyof ExperimentAudience | null;
  readonly message: string;
}

const schema = createAudienceSchema({ agentId: agentIdSchema, unknown: v.never("unknown field") });

const FIELDS: readonly (keyof ExperimentAudience)[] = ["agents", "purposes", "tenants", "layer", "layerRange"];

/** What the store would refuse of an audience, without the store. Empty: nothing. Pure. */
export function audienceIssues(audience: ExperimentAudience): readonly AudienceIssue[] {
  const { issues = [] } = v.safeParse(schema, audience);
  return issues.map(({ path, message }) => ({
    field: FIELDS.find((field) => field === path?.[0]?.key) ?? null,
    message,
  }));
}
