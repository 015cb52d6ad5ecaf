import {
  type BudgetRule,
  type ExperimentAudience,
  type ExperimentSettings,
  isRecord,
  type SystemSettings,
} from "@babylon/llm-core";
import { applyMergePatch, diffMergePatch, isEqual, ownMember } from "./merge-patch.ts";

/** A change of one provider's settings; `null` removes a field. */
export interface ProviderPatch {
  readonly enabled?: boolean | null | undefined;
  readonly model?: string | null | undefined;
}

/** A change of one agent's settings. To move from one form to the other, set the old one's fields to `null`. */
export interface AgentPatch {
  readonly provider?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly models?: Readonly<Record<string, string | null | undefined>> | null | undefined;
}

/** A change of one experiment; `null` removes a field, and lists, such as the arms, are replaced. */
export type ExperimentPatch = {
  readonly [Field in Exclude<keyof ExperimentSettings, "audience">]?: ExperimentSettings[Field] | null | undefined;
} & { readonly audience?: AudiencePatch | null | undefined };

/** A change of an audience; `null` removes a field. */
export type AudiencePatch = {
  readonly [Field in keyof ExperimentAudience]?: ExperimentAudience[Field] | null | undefined;
};

/**
 * A JSON merge patch (RFC 7396) of the settings: objects merge, arrays replace, `null` deletes an agent, a provider entry or a
 * field, and sets `order` to null. Absent and `undefined` members change nothing.
 */
export interface SettingsPatch {
  readonly order?: readonly string[] | null | undefined;
  readonly providers?: Readonly<Record<string, ProviderPatch | null | undefined>> | null | undefined;
  readonly agents?: Readonly<Record<string, AgentPatch | null | undefined>> | null | undefined;
  readonly budgets?: readonly BudgetRule[] | null | undefined;
  readonly experiments?: Readonly<Record<string, ExperimentPatch | null | undefined>> | null | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const PROVIDER_FIELDS: readonly string[] = ["enabled", "model"];
const AGENT_FIELDS: readonly string[] = ["provider", "model", "models"];
const EXPERIMENT_FIELDS: readonly string[] = Object.keys({
  state: true,
  winner: true,
  version: true,
  unit: true,
  seed: true,
  arms: true,
  coverage: true,
  audience: true,
  metric: true,
  direction: true,
  guardrails: true,
  plannedUnits: true,
  pauseHarmful: true,
} satisfies Record<keyof ExperimentSettings, true>);

/** Applies a patch. Pure. The result may contain an invalid agent; the store rejects it then. */
export function applySettingsPatch(settings: SystemSettings, patch: SettingsPatch): SystemSettings {
  // The merge of settings and a patch has the members of settings; members that `null` deleted become empty again.
  const { experiments, ...merged } = applyMergePatch(settings, patch) as Partial<SystemSettings>;
  const isEmpty = experiments === undefined || (isRecord(experiments) && Object.keys(experiments).length === 0);
  return {
    ...merged,
    order: merged.order ?? null,
    providers: merged.providers ?? {},
    agents: merged.agents ?? {},
    ...(isEmpty ? {} : { experiments }),
  };
}

/**
 * The merge patch from some settings to others; empty when they are equal. Pure.
 *
 * Budgets and experiments are kept when the second settings omit them, since pages of an earlier version do not know them; empty ones remove
 * them.
 * An unknown field, stored by a newer version, is kept when the second settings omit it. When they change it, the patch contains it, and
 * `patchSchema` rejects the patch with the path of the field.
 */
export function diffSettings(from: SystemSettings, to: SystemSettings): SettingsPatch {
  const { providers: providersBefore, agents: agentsBefore, experiments: experimentsBefore, ...before } = from;
  const { providers, agents, experiments, ...after } = to;
  return {
    ...diffFields(before, after, ["order"]),
    ...diffTable("providers", providersBefore, providers, PROVIDER_FIELDS),
    ...diffTable("agents", agentsBefore, agents, AGENT_FIELDS),
    ...(experiments === undefined
      ? {}
      : diffTable("experiments", experimentsBefore ?? {}, experiments ?? {}, EXPERIMENT_FIELDS)),
  };
}

function diffTable(name: keyof SettingsPatch, from: Members, to: Members, known: readonly string[]): Members {
  const changes = [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((id): [string, unknown][] => {
    const before = membersOf(from, id);
    const after = membersOf(to, id);
    if (after === undefined) return [[id, null]];
    const change = diffFields(before ?? {}, after, known);
    return before !== undefined && Object.keys(change).length === 0 ? [] : [[id, change]];
  });
  return changes.length === 0 ? {} : { [name]: Object.fromEntries(changes) };
}

function membersOf(table: Members, id: string): Members | undefined {
  const entry = ownMember(table, id);
  return isRecord(entry) ? entry : undefined;
}

function diffFields(from: Members, to: Members, known: readonly string[]): Members {
  const unknown = Object.entries(to).filter(
    ([key, value]) => !known.includes(key) && value !== undefined && !isEqual(ownMember(from, key), value),
  );
  return { ...diffMergePatch(pick(from, known), pick(to, known)), ...Object.fromEntries(unknown) };
}

const pick = (members: Members, keys: readonly string[]): Members =>
  Object.fromEntries(keys.map((key) => [key, ownMember(members, key)]));
