import type { AgentSettings, AssignInput, ExclusionReason, ExperimentArm } from "@babylon/llm-core";

/** The providers that the arms of an experiment name. Empty: they change nothing about the chain. */
export function providersOf(arms: readonly ExperimentArm[]): ReadonlySet<string> {
  const routing = arms.filter(({ shadow }) => shadow !== true);
  return new Set(
    routing.flatMap(({ provider, models }) => [
      ...(provider === undefined ? [] : [provider]),
      ...Object.keys(models ?? {}),
    ]),
  );
}

/**
 * Why a call is not in an experiment that changes the chain: something with a higher priority names its provider or model. The answer is the
 * same for every arm: if only the calls of some arms were excluded, the others could not be compared with them.
 *
 * @param touched - see {@link providersOf}
 */
export function exclusionOf(input: AssignInput, touched: ReadonlySet<string>): ExclusionReason | undefined {
  if (touched.size === 0) return undefined;
  if (input.provider !== undefined) return "pinned";
  if (input.models !== undefined && namesAny(input.models, touched)) return "call-models";
  const { agent, settings } = input;
  if (agent === null || !Object.hasOwn(settings.agents, agent)) return undefined;
  return isOwnChoice(settings.agents[agent], touched) ? "agent-setting" : undefined;
}

const namesAny = (models: Readonly<Record<string, string>>, touched: ReadonlySet<string>): boolean =>
  Object.keys(models).some((provider) => touched.has(provider));

function isOwnChoice(agent: AgentSettings | undefined, touched: ReadonlySet<string>): boolean {
  if (agent === undefined) return false;
  if ("models" in agent) return namesAny(agent.models, touched);
  // An agent of a newer version may have neither.
  return "provider" in agent;
}
