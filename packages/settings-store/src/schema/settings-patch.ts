import {
  type BudgetRule,
  type ExperimentAudience,
  type ExperimentSettings,
  isRecord,
  type SystemSettings,
  type TunedSettings,
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

/** A change of one tuned model; `null` removes a field. */
export type TunedPatch = {
  readonly [Field in keyof TunedSettings]?: TunedSettings[Field] | null | undefined;
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
  readonly tuned?: Readonly<Record<string, TunedPatch | null | undefined>> | null | undefined;
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

/** The fields of an object within an experiment. */
const WITHIN_EXPERIMENT: Readonly<Record<string, readonly string[]>> = {
  audience: Object.keys({
    agents: true,
    purposes: true,
    tenants: true,
    layer: true,
    layerRange: true,
  } satisfies Record<keyof ExperimentAudience, true>),
};

const TUNED_FIELDS: readonly string[] = Object.keys({
  provider: true,
  baseModel: true,
  model: true,
  agents: true,
  previous: true,
  datasetSha256: true,
  evaluatedAt: true,
} satisfies Record<keyof TunedSettings, true>);

/** An absent table, or one without entries. Stored settings of a newer version may have something else than a table. */
const isEmptyTable = (table: unknown): boolean =>
  table === undefined || (isRecord(table) && Object.keys(table).length === 0);

/** Applies a patch. Pure. The result may contain an invalid agent; the store rejects it then. */
export function applySettingsPatch(settings: SystemSettings, patch: SettingsPatch): SystemSettings {
  // The merge of settings and a patch has the members of settings; members that `null` deleted become empty again.
  const { experiments, tuned, ...merged } = applyMergePatch(settings, patch) as Partial<SystemSettings>;
  return {
    ...merged,
    order: merged.order ?? null,
    providers: merged.providers ?? {},
    agents: merged.agents ?? {},
    ...(isEmptyTable(experiments) ? {} : { experiments }),
    ...(isEmptyTable(tuned) ? {} : { tuned }),
  };
}

/**
 * The merge patch from some settings to others; empty when they are equal. Pure.
 *
 * Budgets, experiments and tuned models are kept when the second settings omit them, since pages of an earlier version do not know them; empty ones remove
 * them.
 * An unknown field, stored by a newer version, is kept when the second settings omit it. When they change it, the patch contains it, and
 * `patchSchema` rejects the patch with the path of the field.
 */
export function diffSettings(from: SystemSettings, to: SystemSettings): SettingsPatch {
  const {
    providers: providersBefore,
    agents: agentsBefore,
    experiments: experimentsBefore,
    tuned: tunedBefore,
    ...before
  } = from;
  const { providers, agents, experiments, tuned, ...after } = to;
  return {
    ...diffFields(before, after, ["order"]),
    ...diffTable("providers", providersBefore, providers, PROVIDER_FIELDS),
    ...diffTable("agents", agentsBefore, agents, AGENT_FIELDS),
    ...(experiments === undefined
      ? {}
      : diffTable("experiments", experimentsBefore ?? {}, experiments ?? {}, EXPERIMENT_FIELDS, WITHIN_EXPERIMENT)),
    ...(tuned === undefined ? {} : diffTable("tuned", tunedBefore ?? {}, tuned ?? {}, TUNED_FIELDS)),
  };
}

function diffTable(
  name: keyof SettingsPatch,
  from: Members,
  to: Members,
  known: readonly string[],
  within: Readonly<Record<string, readonly string[]>> = {},
): Members {
  const changes = [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((id): [string, unknown][] => {
    const before = membersOf(from, id);
    const after = membersOf(to, id);
    if (after === undefined) return [[id, null]];
    const change = diffFields(before ?? {}, withUnknown(before ?? {}, after, within), known);
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

/** An entry whose inner objects keep the unknown fields that they leave out. */
function withUnknown(from: Members, to: Members, within: Readonly<Record<string, readonly string[]>>): Members {
  const kept = Object.entries(within).flatMap(([name, known]) => {
    const [before, after] = [membersOf(from, name), membersOf(to, name)];
    if (before === undefined || after === undefined) return [];
    const unknown = Object.entries(before).filter(([key]) => !known.includes(key));
    return [[name, { ...Object.fromEntries(unknown), ...after }] as const];
  });
  return { ...to, ...Object.fromEntries(kept) };
}

const pick = (members: Members, keys: readonly string[]): Members =>
  Object.fromEntries(keys.map((key) => [key, ownMember(members, key)]));
