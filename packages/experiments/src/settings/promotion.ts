import { type ExperimentArm, invalidInput, type SystemSettings } from "@babylon/llm-core";
import { type ExperimentsChange, experimentOf } from "./experiments-settings.ts";

/**
 * The change that ends an experiment and makes an arm the rule: for all calls, or for the agents of its audience. Pure. Throws
 * `invalid_input` for an unknown arm, and for an audience that settings cannot express.
 */
export function promotion(settings: SystemSettings, id: string, winner: string): ExperimentsChange {
  const { arms, audience } = experimentOf(settings, id);
  const arm = arms.find((each) => each.id === winner && each.shadow !== true);
  if (arm === undefined) throw invalidInput("winner", `an arm of "${id}" that is not a shadow`);
  const ended = { experiments: { [id]: { state: "stopped", winner } } } as const;
  if (arm.provider === undefined && arm.models === undefined) return ended;
  if (audience?.purposes !== undefined) {
    throw invalidInput(
      "winner",
      "an experiment of all purposes: settings hold no models by purpose, so change the application",
    );
  }
  if (audience?.agents !== undefined) return { ...ended, agents: agentsWith(arm, audience.agents) };
  const { order } = settings;
  const first = arm.provider;
  return {
    ...ended,
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
