import { isRecord } from "../contract/json.ts";
import { NOTHING_HIDDEN } from "../errors/hidden-characters.ts";
import { boolean, type Check, dictionary, list, object, string } from "./checks.ts";

/** The id of a provider. */
export const providerId: Check = string({
  pattern: /^[a-z][a-z0-9-]*$/,
  expected: "a provider id: a-z, 0-9 and -, beginning with a letter",
});

/** The id of a model: anything that can be seen, since ids hold `/` and `:`. */
export const modelId: Check = string({
  pattern: /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+(?<!\s)$/u,
  expected: "a model id: not empty, no blanks around it, no control or hidden characters",
});

/** The id of an agent: the caller's own. */
export const agentId: Check = string({
  pattern: NOTHING_HIDDEN,
  expected: "an agent id: not empty, no control or hidden characters",
});

const modelOrNull: Check = (value, path) => {
  if (value !== null) modelId(value, path);
};

/**
 * As `object`. What is frozen is taken from a snapshot of a store: fields that are not known here were stored by a newer version, and
 * are left aside.
 */
function settingsObject(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const check = object(fields, required);
  return (value, path) => {
    check(isRecord(value) && Object.isFrozen(value) ? pick(value, fields) : value, path);
  };
}

function pick(value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Check>>): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(fields, name)));
}

const agentModels = settingsObject({ models: dictionary(modelId, providerId) });
const agentLink = settingsObject({ provider: providerId, model: modelOrNull }, ["provider"]);

const agent: Check = (value, path) => {
  const isForeign = isRecord(value) && Object.isFrozen(value) && isOthersOnly(value);
  if (!isForeign) (isRecord(value) && "models" in value ? agentModels : agentLink)(value, path);
};

/** Whether a newer version says something about an agent, and nothing that is known here. */
function isOthersOnly(value: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(value);
  return names.length > 0 && !names.some((name) => name === "provider" || name === "model" || name === "models");
}

/** Settings given as a value; absent fields change nothing. Shape only: ids that no provider has are warnings of the plan. */
export const settings: Check = settingsObject({
  order: (order, at) => {
    if (order !== null) list(providerId)(order, at);
  },
  providers: dictionary(settingsObject({ enabled: boolean, model: modelOrNull }), providerId),
  agents: dictionary(agent, agentId),
});
