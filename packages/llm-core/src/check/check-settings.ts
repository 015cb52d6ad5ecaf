import { isRecord } from "../contract/json.ts";
import { NO_INVISIBLE_CHARACTERS } from "../errors/invisible-characters.ts";
import { experiment } from "./check-experiments.ts";
import { tunedModel } from "./check-tuned.ts";
import { boolean, dictionaryOf, listOf, type OptionCheck, objectOf, string } from "./checks.ts";

/** The id of a provider. */
export const providerId: OptionCheck = string({
  pattern: /^[a-z][a-z0-9-]*$/,
  expected: "a provider id: a-z, 0-9 and -, beginning with a letter",
});

/** The id of a model: any visible characters, since ids contain `/` and `:`. */
export const modelId: OptionCheck = string({
  pattern: /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+(?<!\s)$/u,
  expected: "a model id: not empty, no blanks around it, no control or hidden characters",
});

/** The id of an agent, chosen by the caller. */
export const agentId: OptionCheck = string({
  pattern: NO_INVISIBLE_CHARACTERS,
  expected: "an agent id: not empty, no control or hidden characters",
});

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
export const settings: OptionCheck = settingsObject({
  order: (order, at) => {
    if (order !== null) listOf(providerId)(order, at);
  },
  providers: dictionaryOf(settingsObject({ enabled: boolean, model: modelOrNull }), providerId),
  agents: dictionaryOf(agent, agentId),
  // Stored experiments of a newer version are ignored by the router.
  experiments: (value, path) => {
    if (!Object.isFrozen(value)) dictionaryOf(experiment)(value, path);
  },
  tuned: dictionaryOf(tunedModel),
});
