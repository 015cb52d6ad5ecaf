import type { Plan, SystemSettings } from "@babylon/llm-core";
import { type AdminContext, configuredOf } from "../admin-context.ts";
import type { ProviderModels } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";
import { knownSettings } from "./known-settings.ts";

const isList = <T>(value: readonly T[]): boolean => Array.isArray(value);

/** The links that arms of experiments name, by provider and model. */
function linksOfArms({
  experiments = {},
}: SystemSettings): readonly (readonly [provider: string, model: string | null])[] {
  // A newer version may have stored an experiment of another form.
  return Object.values(experiments).flatMap(({ arms }) =>
    (isList(arms) ? arms : []).flatMap(({ provider, model, models = {} }) => [
      ...(provider === undefined ? [] : [[provider, model ?? null] as const]),
      ...Object.entries(models),
    ]),
  );
}

function providersNamed(settings: SystemSettings): ReadonlySet<string> {
  const { order, providers, agents } = settings;
  const ofArms = linksOfArms(settings).map(([provider]) => provider);
  const ofAgents = Object.values(agents).flatMap((agent) =>
    "models" in agent ? Object.keys(agent.models) : "provider" in agent ? [agent.provider] : [],
  );
  return new Set([...(order ?? []), ...Object.keys(providers), ...ofAgents, ...ofArms]);
}

const canServe = (plan: Plan): boolean => plan.providers.some(({ enabled, configured }) => enabled && configured);

/** A change, and the plan of calls after it: planned once, for its checks and for the reply. */
export interface PlannedChange {
  readonly before: SystemSettings;
  readonly after: SystemSettings;
  /** Of the settings after the change. */
  readonly plan: Plan;
}

const planOf = ({ llm }: AdminContext, settings: SystemSettings): Promise<Plan> =>
  llm.plan({ settings: knownSettings(settings) });

/** Plans calls with the settings after a change. */
export async function planChange(
  context: AdminContext,
  before: SystemSettings,
  after: SystemSettings,
): Promise<PlannedChange> {
  return { before, after, plan: await planOf(context, after) };
}

/**
 * Throws `unknown_provider` when a change adds an id that no provider of this client has, `no_provider_left` when it removes the
 * last provider that could be called. Problems that existed before the change are ignored.
 */
export async function refuseHarm(context: AdminContext, { before, after, plan }: PlannedChange): Promise<void> {
  const known = new Set(context.llm.providers.map(({ id }) => id));
  const named = providersNamed(before);
  const unknown = [...providersNamed(after)].filter((id) => !known.has(id) && !named.has(id));
  if (unknown.length > 0) {
    const ids = unknown.map((id) => `"${id}"`).join(", ");
    throw new AdminError(
      "unknown_provider",
      `unknown provider ${ids}; known are ${[...known].join(", ")}. Send force: true to save anyway`,
    );
  }
  if (canServe(plan) || !canServe(await planOf(context, before))) return;
  throw new AdminError("no_provider_left", "no provider would be left to serve calls. Send force: true to save anyway");
}

function modelsNamed(settings: SystemSettings): readonly (readonly [provider: string, model: string])[] {
  const { providers, agents } = settings;
  const ofArms = linksOfArms(settings).flatMap(([id, model]) => (model === null ? [] : [[id, model] as const]));
  const chosen = Object.entries(providers).flatMap(([id, { model }]) => (model == null ? [] : [[id, model] as const]));
  const ofAgents = Object.values(agents).flatMap((agent): (readonly [string, string])[] => {
    if ("models" in agent) return Object.entries(agent.models);
    return agent.model == null ? [] : [[agent.provider, agent.model]];
  });
  return [...chosen, ...ofAgents, ...ofArms];
}

function warningOf(provider: string, model: string, lists: ProviderModels | undefined): string | null {
  if (lists === undefined) return null;
  const retired = Object.hasOwn(lists.retired, model) ? lists.retired[model] : undefined;
  if (retired !== undefined) {
    const when = retired.retiredAt === null ? "is retired" : `is retired as of ${retired.retiredAt}`;
    return `${provider}: "${model}" ${when}; use "${retired.replacement}"`;
  }
  if (lists.models.some(({ id }) => id === model)) return null;
  return lists.listedAt === null
    ? `${provider}: "${model}" could not be checked, because there is no list of models`
    : `${provider}: "${model}" is not in its list of models`;
}

/** Warnings about the models that a change adds. Waits for the lists of models as `GET` does. */
export async function modelWarnings(
  context: AdminContext,
  { before, after, plan }: PlannedChange,
): Promise<readonly string[]> {
  const known = new Set(modelsNamed(before).map((pair) => pair.join("\n")));
  const added = modelsNamed(after).filter((pair) => !known.has(pair.join("\n")));
  if (added.length === 0) return [];
  const { models } = await context.lists.read(configuredOf(plan));
  return [...new Set(added.flatMap(([provider, model]) => warningOf(provider, model, models[provider]) ?? []))];
}
