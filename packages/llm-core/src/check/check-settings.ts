import { isRecord } from "../contract/json.ts";
import { checkBudgetRules } from "./check-budget-rules.ts";
import { experiment } from "./check-experiments.ts";
import { agentId, modelId, providerId } from "./check-settings-ids.ts";
import { anything, boolean, dictionaryOf, listOf, type OptionCheck, objectOf } from "./checks.ts";

const modelOrNull: OptionCheck = (value, path) => {
  if (value !== null) modelId(value, path);
};

/**
 * As `objectOf`, but unknown fields of a frozen value are ignored: it is a snapshot of a settings store, and a newer version of the
 * package may have stored them.
 */
function settingsObject(fields: Readonly<Record<string, OptionCheck>>, required: readonly string[] = []): OptionCheck {
  const check = objectOf(fields, required);
  return (value, path) => {
    check(isRecord(value) && Object.isFrozen(value) ? pick(value, fields) : value, path);
  };
}

function pick(value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, OptionCheck>>): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(fields, name)));
}

const agentModels = settingsObject({ models: dictionaryOf(modelId, providerId) });
const agentLink = settingsObject({ provider: providerId, model: modelOrNull }, ["provider"]);

const agent: OptionCheck = (value, path) => {
  const isOfNewerVersion = isRecord(value) && Object.isFrozen(value) && hasOnlyUnknownFields(value);
  if (!isOfNewerVersion) (isRecord(value) && "models" in value ? agentModels : agentLink)(value, path);
};

/** Whether the settings of an agent have fields, but none that this version knows. */
function hasOnlyUnknownFields(value: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(value);
  return names.length > 0 && !names.some((name) => name === "provider" || name === "model" || name === "models");
}

/** Settings; all fields are optional. Only their shape is checked: an unknown provider id is a warning of the plan. */
export const settings: OptionCheck = (value, path) => (isStored(value) ? storedSettings : callersSettings)(value, path);

const isStored = (value: unknown): boolean => isRecord(value) && Object.isFrozen(value);

const tables: Readonly<Record<string, OptionCheck>> = {
  order: (order, at) => {
    if (order !== null) listOf(providerId)(order, at);
  },
  providers: dictionaryOf(settingsObject({ enabled: boolean, model: modelOrNull }), providerId),
  agents: dictionaryOf(agent, agentId),
};

const callersSettings = settingsObject({ ...tables, budgets: checkBudgetRules, experiments: dictionaryOf(experiment) });

/** What a newer version has stored must not fail the calls: whoever reads budgets and experiments decides about each one. */
const storedSettings = settingsObject({ ...tables, budgets: anything, experiments: anything });
