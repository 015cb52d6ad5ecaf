import { type ExperimentArm, type ExperimentSettings, invalidInput, type SystemSettings } from "@babylon/llm-core";
import { type ExperimentsChange, experimentOf } from "./experiments-settings.ts";
import { rolloutOf } from "./rollout.ts";

/**
 * The change that ends an experiment and makes an arm the rule: for all calls, for the agents of its audience in their own settings, and for
 * the purposes and tenants of its audience by a rollout, which is an experiment of one arm. Pure. Throws `invalid_input` for an unknown arm.
 */
export function promotion(settings: SystemSettings, id: string, winner: string): ExperimentsChange {
  const experiment = experimentOf(settings, id);
  const { arms, audience } = experiment;
  const arm = arms.find((each) => each.id === winner && each.shadow !== true);
  if (arm === undefined) throw invalidInput("winner", `an arm of "${id}" that is not a shadow`);
  const ended: Readonly<Record<string, Partial<ExperimentSettings>>> = { [id]: { state: "stopped", winner } };
  if (arm.provider === undefined && arm.models === undefined) return { experiments: ended };
  if (audience?.purposes !== undefined || audience?.tenants !== undefined) {
    return { experiments: { ...ended, ...rolloutOf(settings, id, experiment, arm) } };
  }
  if (audience?.agents !== undefined) return { experiments: ended, agents: agentsWith(arm, audience.agents) };
  const { order } = settings;
  const first = arm.provider;
  return {
    experiments: ended,
    providers: Object.fromEntries(Object.entries(modelsOf(arm)).map(([provider, model]) => [provider, { model }])),
    ...(first === undefined ? {} : { order: [first, ...(order ?? []).filter((provider) => provider !== first)] }),
  };
}

/** The models that an arm names, by provider. */
function modelsOf({ provider, model, models = {} }: ExperimentArm): Readonly<Record<string, string>> {
  return provider === undefined || model === undefined ? models : { ...models, [provider]: model };
}

function agentsWith(arm: ExperimentArm, agents: readonly string[]): SystemSettings["agents"] {
  const { provider, model } = arm;
  const own =
    provider === undefined ? { models: modelsOf(arm) } : { provider, ...(model === undefined ? {} : { model }) };
  return Object.fromEntries(agents.map((agent) => [agent, own]));
}
