import type { ExperimentAudience } from "@babylon/llm-core";

/** More names of a list are counted. */
const MOST_NAMES = 5;

function namesOf(what: string, list: readonly string[] | undefined): readonly string[] {
  if (list === undefined) return [];
  if (list.length === 0) return [`no ${what}`];
  const named = list.slice(0, MOST_NAMES).join(", ");
  const more = list.length - MOST_NAMES;
  return [`${what} ${named}${more > 0 ? ` and ${more} more` : ""}`];
}

/** An audience for people, such as `agents npc-1, npc-2; purposes chat; layer models, 0 to 0.5`. Pure. */
export function audienceText({ agents, purposes, tenants, layer, layerRange }: ExperimentAudience = {}): string {
  const parts = [
    ...namesOf("agents", agents),
    ...namesOf("purposes", purposes),
    ...namesOf("tenants", tenants),
    ...(layer === undefined ? [] : [`layer ${layer}, ${(layerRange ?? [0, 1]).join(" to ")}`]),
  ];
  return parts.length === 0 ? "all calls" : parts.join("; ");
}
