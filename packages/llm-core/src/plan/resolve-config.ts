import type { Assignment } from "../contract/call-router.ts";
import { ownValue } from "../contract/json.ts";
import type { LinkRef } from "../contract/link.ts";
import type { ModelSource } from "../contract/plan.ts";
import type { ConfigProblem, Credentials, Provider } from "../contract/provider.ts";
import type { AgentSettings, SystemSettings } from "../contract/settings.ts";
import type { ProviderReading } from "./read-provider.ts";

/** The part of an assignment that affects the chain. Equal for all calls in the same arm. */
export interface Arm extends Pick<Assignment, "experiment" | "arm"> {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly models: Readonly<Record<string, string>> | undefined;
}

/** The arms that apply to a call: those of its assignments, without the ones that it is excluded from. */
export function armsOf(assignments: readonly Assignment[]): readonly Arm[] {
  return assignments
    .filter(({ excluded }) => excluded === undefined)
    .map(({ experiment, arm, provider, model, models }) => ({ experiment, arm, provider, model, models }));
}

/** One provider with its resolved configuration. */
export interface ResolvedProvider {
  readonly provider: Provider;
  readonly model: string;
  readonly modelSource: ModelSource;
  /** `false`: an operator switched it off. */
  readonly enabled: boolean;
  /** Whether a key is available. */
  readonly configured: boolean;
  readonly credentials: Credentials | null;
  /** The identity of the link for breaker, limits and statistics. */
  readonly ref: LinkRef;
  /** Mistakes in its key or base URL. */
  readonly problems: readonly ConfigProblem[];
  /** Whether the agent's settings put this provider first. */
  readonly preferredByAgent: boolean;
  /** The experiment arm that put the link first or that named its model; `null`: none. */
  readonly assignment: Pick<Assignment, "experiment" | "arm"> | null;
}

/** The resolved configuration of one call. */
export interface ResolvedConfig {
  /** In the order of the chain. */
  readonly providers: readonly ResolvedProvider[];
  readonly warnings: readonly string[];
}

/** Input of {@link resolveConfig}. */
export interface ResolveConfigInput {
  /** In code order. */
  readonly providers: readonly ProviderReading[];
  readonly settings: SystemSettings;
  /** The calling agent. */
  readonly agent?: string | undefined;
  /** The experiment arms of the call. Default: none. */
  readonly arms?: readonly Arm[] | undefined;
}

function agentModel(agent: AgentSettings | undefined, provider: string): string | undefined {
  if (agent === undefined) return undefined;
  if ("models" in agent) return ownValue(agent.models, provider);
  return agent.provider === provider ? (agent.model ?? undefined) : undefined;
}

/** The model that an arm names for a provider. */
function armModel({ provider, model, models }: Arm, id: string): string | undefined {
  return provider === id && model !== undefined ? model : ownValue(models, id);
}

/** The arm that puts its provider first; none if the agent's own settings name a provider. */
function leadingArm({ arms }: ResolveConfigInput, agent: AgentSettings | undefined): Arm | undefined {
  if (agent !== undefined && "provider" in agent) return undefined;
  return arms?.find(({ provider }) => provider !== undefined);
}

interface ChosenModel {
  readonly model: string;
  readonly modelSource: ModelSource;
  /** The arm that names it. */
  readonly arm?: Arm;
}

function chooseModel(
  { provider, callModel, variableModel }: ProviderReading,
  { settings, arms = [] }: ResolveConfigInput,
  agent: AgentSettings | undefined,
): ChosenModel {
  const { id } = provider;
  if (callModel !== undefined) return { model: callModel, modelSource: "call" };
  const ofAgent = agentModel(agent, id);
  if (ofAgent !== undefined) return { model: ofAgent, modelSource: "agent" };
  for (const arm of arms) {
    const model = armModel(arm, id);
    if (model !== undefined) return { model, modelSource: "experiment", arm };
  }
  const stored = ownValue(settings.providers, id)?.model;
  if (stored !== undefined && stored !== null) return { model: stored, modelSource: "settings" };
  if (provider.model !== undefined && provider.model !== null) return { model: provider.model, modelSource: "factory" };
  if (variableModel !== undefined) return { model: variableModel, modelSource: "variable" };
  return { model: provider.defaultModel, modelSource: "default" };
}

/**
 * The order of the chain: the provider of the agent's settings or else of an experiment arm, then the providers of `settings.order`,
 * then the others in code order.
 */
function orderProviders(
  { providers, settings, agent: name }: ResolveConfigInput,
  agent: AgentSettings | undefined,
  arm: Arm | undefined,
  warnings: string[],
): readonly ProviderReading[] {
  const first = agent !== undefined && "provider" in agent ? [agent.provider] : [];
  const leading = arm?.provider === undefined ? [] : [arm.provider];
  if (settings.order === null && first.length + leading.length === 0) return providers;
  const byId = new Map(providers.map((reading) => [reading.provider.id, reading]));
  for (const id of settings.order ?? []) {
    if (!byId.has(id)) warnings.push(`settings.order names "${id}", which is not a provider of this client`);
  }
  for (const id of first) {
    if (!byId.has(id))
      warnings.push(`settings.agents["${name}"] names "${id}", which is not a provider of this client`);
  }
  for (const id of leading) {
    if (!byId.has(id)) {
      warnings.push(`experiment "${arm?.experiment}" names "${id}", which is not a provider of this client`);
    }
  }
  const ids = new Set([...first, ...leading, ...(settings.order ?? []), ...byId.keys()]);
  return [...ids].flatMap((id) => byId.get(id) ?? []);
}

/**
 * Resolves model and order of the providers. Precedence of the model: call > agent > experiment > stored settings > factory > environment
 * variable > default. Pure.
 */
export function resolveConfig(input: ResolveConfigInput): ResolvedConfig {
  const { settings, agent: name } = input;
  const warnings: string[] = [];
  const agent = name === undefined ? undefined : ownValue(settings.agents, name);
  for (const id of Object.keys(settings.providers)) {
    const isKnown = input.providers.some(({ provider }) => provider.id === id);
    if (!isKnown) warnings.push(`settings.providers names "${id}", which is not a provider of this client`);
  }

  const leading = leadingArm(input, agent);
  const providers = orderProviders(input, agent, leading, warnings).map((reading): ResolvedProvider => {
    const { provider, enabled, configured, credentials, credentialId, problems } = reading;
    const { model, modelSource, arm } = chooseModel(reading, input, agent);
    const retired = ownValue(provider.retired, model);
    if (retired !== undefined) {
      const when = retired.retiredAt === null ? "is retired" : `is retired as of ${retired.retiredAt}`;
      warnings.push(`${provider.id}: model "${model}" ${when}; use "${retired.replacement}"`);
    }
    return {
      provider,
      model,
      modelSource,
      enabled,
      configured,
      credentials,
      ref: { provider: provider.id, model, credential: credentialId },
      problems,
      preferredByAgent: agent !== undefined && "provider" in agent && agent.provider === provider.id,
      assignment: arm ?? (leading?.provider === provider.id ? leading : null),
    };
  });
  return { providers, warnings };
}
