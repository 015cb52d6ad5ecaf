import type {
  AgentPatch,
  AgentSettings,
  ExperimentSettings,
  ProviderPatch,
  ProviderSettings,
  SettingsPatch,
  SystemSettings,
} from "@babylon/admin-api/contract";
import { audienceText } from "@babylon/experiments/contract";
import { rulesOf } from "../edit/budget-rules.ts";
import { describeRule } from "./describe-rule.ts";

/** One change in words: its subject, and its new value. */
export interface ChangeWords {
  /** Unique within one patch. */
  readonly key: string;
  readonly subject: string;
  readonly change: string;
}

type Names = (provider: string) => string;

const DEFAULT_ORDER = "default order";
const NO_OVERRIDE = "no override";
const NO_RULES = "none in the settings";
const NO_RULE = "no rule in the settings";
const EMPTY: SystemSettings = { order: null, providers: {}, agents: {} };

const switchWords = (enabled: boolean | null | undefined): string =>
  enabled == null ? "on when it has a key" : enabled ? "switched on" : "switched off";

const modelWords = (model: string | null | undefined): string => (model == null ? "default model" : `model ${model}`);

function ofProvider(id: string, patch: ProviderPatch | null, nameOf: Names): readonly ChangeWords[] {
  const subject = nameOf(id);
  if (patch === null) return [{ key: `provider ${id}`, subject, change: "back to the defaults" }];
  const changes: ChangeWords[] = [];
  const { enabled, model } = patch;
  if (enabled !== undefined) changes.push({ key: `provider ${id} enabled`, subject, change: switchWords(enabled) });
  if (model !== undefined) changes.push({ key: `provider ${id} model`, subject, change: modelWords(model) });
  return changes;
}

function agentWords(patch: AgentPatch, nameOf: Names): string {
  const models = Object.entries(patch.models ?? {}).map(([provider, model]) =>
    model == null ? `${nameOf(provider)} with its default model` : `${nameOf(provider)} with ${model}`,
  );
  const first = patch.provider == null ? [] : [`${nameOf(patch.provider)} first`];
  const model = patch.model === undefined ? [] : [modelWords(patch.model)];
  const parts = patch.models == null ? [...first, ...model] : models;
  return parts.length === 0 ? "changed" : parts.join(", ");
}

function ofAgent(id: string, patch: AgentPatch | null, nameOf: Names): ChangeWords {
  const change = patch === null ? "override removed" : agentWords(patch, nameOf);
  return { key: `agent ${id}`, subject: `Agent ${id}`, change };
}

const experimentWords = ({ state, winner, audience }: ExperimentSettings): string =>
  [state, ...(winner == null ? [] : [`winner ${winner}`]), audienceText(audience)].join(", ");

interface StateChange {
  readonly state?: unknown;
  readonly winner?: unknown;
  readonly audience?: unknown;
}

function ofExperiment(id: string, patch: StateChange | null): ChangeWords {
  const states = [patch?.state, patch?.winner].filter((text) => typeof text === "string").join(", winner ");
  const texts = [
    ...(states === "" ? [] : [states]),
    ...(patch?.audience === undefined ? [] : [patch?.audience === null ? "audience removed" : "audience set"]),
  ];
  const change = patch === null ? "removed" : texts.length === 0 ? "changed" : texts.join(", ");
  return { key: `experiment ${id}`, subject: `Experiment ${id}`, change };
}

/** The budgets of a patch, which replaces all of them: rule by rule where the ones before are known. */
function ofBudgets(patch: SettingsPatch, nameOf: Names, before: SystemSettings | undefined): readonly ChangeWords[] {
  const { budgets } = patch;
  if (budgets === undefined) return [];
  const after = rulesOf({ ...EMPTY, budgets: budgets ?? [] });
  if (before === undefined) {
    const change = after.length === 0 ? NO_RULES : after.map(({ id }) => id).join(", ");
    return [{ key: "budgets", subject: "Budgets", change }];
  }
  return describeDifference({ ...EMPTY, budgets: rulesOf(before) }, { ...EMPTY, budgets: after }, nameOf).map(
    ({ key, subject, after: change }) => ({ key, subject, change }),
  );
}

/**
 * A patch in words, one line a change. Pure.
 *
 * @param before - the settings that the patch was made for; without them, budgets are listed by name
 */
export function describeChanges(patch: SettingsPatch, nameOf: Names, before?: SystemSettings): readonly ChangeWords[] {
  const { order, providers, agents, experiments } = patch;
  const ofOrder: readonly ChangeWords[] =
    order === undefined
      ? []
      : [{ key: "order", subject: "Order", change: order === null ? DEFAULT_ORDER : order.map(nameOf).join(", ") }];
  return [
    ...ofOrder,
    ...Object.entries(providers ?? {}).flatMap(([id, change]) => ofProvider(id, change ?? null, nameOf)),
    ...Object.entries(agents ?? {}).map(([id, change]) => ofAgent(id, change ?? null, nameOf)),
    ...Object.entries(experiments ?? {}).map(([id, change]) => ofExperiment(id, change ?? null)),
    ...ofBudgets(patch, nameOf, before),
  ];
}

/** One setting that differs between two versions. */
export interface DifferenceWords {
  readonly key: string;
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/** The value of a setting in words, and its value where nothing is stored. */
interface SettingWords {
  readonly subject: string;
  readonly value: string;
  readonly unset: string;
}

function settingsInWords(settings: SystemSettings, nameOf: Names): ReadonlyMap<string, SettingWords> {
  const { order, providers, agents, experiments = {} } = settings;
  const ofOrder = order === null ? DEFAULT_ORDER : order.map(nameOf).join(", ");
  const words = new Map<string, SettingWords>([["order", { subject: "Order", value: ofOrder, unset: DEFAULT_ORDER }]]);
  for (const [id, { enabled, model }] of Object.entries<ProviderSettings>(providers)) {
    const subject = nameOf(id);
    words.set(`provider ${id} enabled`, { subject, value: switchWords(enabled), unset: switchWords(null) });
    words.set(`provider ${id} model`, { subject, value: modelWords(model), unset: modelWords(null) });
  }
  for (const [id, agent] of Object.entries<AgentSettings>(agents)) {
    words.set(`agent ${id}`, { subject: `Agent ${id}`, value: agentWords(agent, nameOf), unset: NO_OVERRIDE });
  }
  for (const rule of rulesOf(settings)) {
    const value = describeRule(rule, nameOf);
    words.set(`budget ${rule.id}`, { subject: `Budget ${rule.id}`, value, unset: NO_RULE });
  }
  for (const [id, experiment] of Object.entries(experiments)) {
    const value = `${experimentWords(experiment)}, version ${experiment.version ?? 1}`;
    words.set(`experiment ${id}`, { subject: `Experiment ${id}`, value, unset: "none" });
  }
  return words;
}

/** What differs between two versions of the settings, in words. Pure. */
export function describeDifference(
  from: SystemSettings,
  to: SystemSettings,
  nameOf: Names,
): readonly DifferenceWords[] {
  const before = settingsInWords(from, nameOf);
  const after = settingsInWords(to, nameOf);
  return [...new Map([...before, ...after])].flatMap(([key, { subject, unset }]): readonly DifferenceWords[] => {
    const values = { before: before.get(key)?.value ?? unset, after: after.get(key)?.value ?? unset };
    return values.before === values.after ? [] : [{ key, subject, ...values }];
  });
}
