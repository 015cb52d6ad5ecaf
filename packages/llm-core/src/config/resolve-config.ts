import type { CallOptions } from "../call-options.ts";
import type { Assignment } from "../contract/call-router.ts";
import { type Env, readEnv } from "../env.ts";
import type { LinkRef } from "../health/breaker.ts";
import { ownValue } from "../json.ts";
import { NO_CREDENTIAL } from "../keys/create-key-namer.ts";
import type { ConfigProblem, Credentials, Provider } from "../provider.ts";
import type { AgentSettings, SystemSettings } from "../settings.ts";

/** Where a link's model was named. */
export type ModelSource = "call" | "agent" | "experiment" | "settings" | "factory" | "variable" | "default";

/** One provider with everything about it settled. */
export interface ResolvedProvider {
  readonly provider: Provider;
  readonly model: string;
  readonly modelSource: ModelSource;
  /** `false`: an operator switched it off. */
  readonly enabled: boolean;
  /** Whether a key is at hand. */
  readonly configured: boolean;
  readonly credentials: Credentials | null;
  /** Its link as breaker, limits and figures know it: with the key in use. */
  readonly ref: LinkRef;
  /** What is wrong with its key or base URL. */
  readonly problems: readonly ConfigProblem[];
  /** The agent's own link, which goes first. */
  readonly agentsChoice: boolean;
  /** The assignment to an arm that put the link first, or that named its model; `null`: no experiment has a say. */
  readonly assignment: Pick<Assignment, "experiment" | "arm"> | null;
}

/** The settled configuration of one call. */
export interface ResolvedConfig {
  /** In the order of the chain. */
  readonly providers: readonly ResolvedProvider[];
  readonly warnings: readonly string[];
}

/** What {@link resolveConfig} merges. */
export interface ResolveConfigInput {
  readonly providers: readonly Provider[];
  readonly env: Env;
  readonly settings: SystemSettings;
  readonly options?: Pick<CallOptions, "agent" | "models" | "credentials"> | undefined;
  /** The arms of experiments that the call is in. Default: none. */
  readonly assignments?: readonly Assignment[] | undefined;
  /** Which key a provider uses. Asked only of those that have one and are not switched off. */
  credentialIdOf(provider: Provider, credentials: Credentials | null): string;
}

const NO_PROBLEMS: readonly ConfigProblem[] = [];

function agentModel(agent: AgentSettings | undefined, provider: string): string | undefined {
  if (agent === undefined) return undefined;
  if ("models" in agent) return ownValue(agent.models, provider);
  return agent.provider === provider ? (agent.model ?? undefined) : undefined;
}

/** The model that an arm names for a provider. */
function armModel({ provider, model, models }: Assignment, id: string): string | undefined {
  return provider === id && model !== undefined ? model : ownValue(models, id);
}

/** The assignment that puts its provider first, unless the agent's own setting names one. */
function leadingArm({ assignments }: ResolveConfigInput, agent: AgentSettings | undefined): Assignment | undefined {
  if (agent !== undefined && "provider" in agent) return undefined;
  return assignments?.find(({ provider }) => provider !== undefined);
}

interface ChosenModel {
  readonly model: string;
  readonly modelSource: ModelSource;
  /** The assignment that names it. */
  readonly assignment?: Assignment;
}

function modelOf(
  provider: Provider,
  { env, settings, options, assignments = [] }: ResolveConfigInput,
  agent: AgentSettings | undefined,
): ChosenModel {
  const { id } = provider;
  const called = ownValue(options?.models, id);
  if (called !== undefined) return { model: called, modelSource: "call" };
  const ofAgent = agentModel(agent, id);
  if (ofAgent !== undefined) return { model: ofAgent, modelSource: "agent" };
  for (const assignment of assignments) {
    const model = armModel(assignment, id);
    if (model !== undefined) return { model, modelSource: "experiment", assignment };
  }
  const stored = ownValue(settings.providers, id)?.model;
  if (stored !== undefined && stored !== null) return { model: stored, modelSource: "settings" };
  if (provider.model !== undefined && provider.model !== null) return { model: provider.model, modelSource: "factory" };
  const variable = readEnv(env, provider.envModel);
  if (variable !== undefined) return { model: variable, modelSource: "variable" };
  return { model: provider.defaultModel, modelSource: "default" };
}

/**
 * Listed ids first, in the order of the list; the others after them, in code order; the agent's own choice in front of all, or else the
 * provider of an arm.
 */
function ordered(
  input: ResolveConfigInput,
  agent: AgentSettings | undefined,
  arm: Assignment | undefined,
  warnings: string[],
): readonly Provider[] {
  const { providers, settings } = input;
  const first = agent !== undefined && "provider" in agent ? [agent.provider] : [];
  const leading = arm?.provider === undefined ? [] : [arm.provider];
  if (settings.order === null && first.length + leading.length === 0) return providers;
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  for (const id of settings.order ?? []) {
    if (!byId.has(id)) warnings.push(`settings.order names "${id}", which is no provider of this client`);
  }
  for (const id of first) {
    if (!byId.has(id)) {
      warnings.push(`settings.agents["${input.options?.agent}"] names "${id}", which is no provider of this client`);
    }
  }
  for (const id of leading) {
    if (!byId.has(id))
      warnings.push(`experiment "${arm?.experiment}" names "${id}", which is no provider of this client`);
  }
  const ids = new Set([...first, ...leading, ...(settings.order ?? []), ...byId.keys()]);
  return [...ids].flatMap((id) => byId.get(id) ?? []);
}

/**
 * Settles model, order, switch and key of each provider. The model: the call's > the agent's > an experiment's > the stored settings' >
 * the factory's > the variable's > the default. Pure, but for what it asks of the providers.
 */
export function resolveConfig(input: ResolveConfigInput): ResolvedConfig {
  const { env, settings, options } = input;
  const warnings: string[] = [];
  const agentId = options?.agent;
  const agent = agentId === undefined ? undefined : ownValue(settings.agents, agentId);
  for (const id of Object.keys(settings.providers)) {
    const isKnown = input.providers.some((provider) => provider.id === id);
    if (!isKnown) warnings.push(`settings.providers names "${id}", which is no provider of this client`);
  }

  const arm = leadingArm(input, agent);
  const providers = ordered(input, agent, arm, warnings).map((provider): ResolvedProvider => {
    const credentials = ownValue(options?.credentials, provider.id) ?? null;
    const { model, modelSource, assignment } = modelOf(provider, input, agent);
    const retired = ownValue(provider.retired, model);
    if (retired !== undefined) {
      const when = retired.retiredAt === null ? "is retired" : `is retired as of ${retired.retiredAt}`;
      warnings.push(`${provider.id}: model "${model}" ${when}; use "${retired.replacement}"`);
    }
    const enabled = ownValue(settings.providers, provider.id)?.enabled ?? true;
    const configured = credentials !== null || provider.isConfigured(env);
    const credential = enabled && configured ? input.credentialIdOf(provider, credentials) : NO_CREDENTIAL;
    return {
      provider,
      model,
      modelSource,
      enabled,
      configured,
      credentials,
      ref: { provider: provider.id, model, credential },
      problems: provider.configProblems?.(env, credentials) ?? NO_PROBLEMS,
      agentsChoice: agent !== undefined && "provider" in agent && agent.provider === provider.id,
      assignment: assignment ?? (arm?.provider === provider.id ? arm : null),
    };
  });
  return { providers, warnings };
}
