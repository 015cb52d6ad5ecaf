import type { Provider, ProviderStanding } from "@babylon/llm-core";
import { type AdminContext, type AdminRequest, configuredOf } from "../admin-context.ts";
import { summarizeBudgets } from "../budgets/summarize-budgets.ts";
import type { AdminData, ProviderOverview } from "../contract.ts";
import { toResponse } from "../http/json-response.ts";
import { readSettings } from "../http/settings-failure.ts";
import { OLDER_PROVIDER, OLDER_PROVIDERS, toOlderModel, toOlderSettings } from "../settings/older-settings.ts";

function toOverview(standing: ProviderStanding, providers: readonly Provider[]): ProviderOverview {
  const provider = providers.find(({ id }) => id === standing.provider);
  return {
    ...standing,
    name: provider?.name ?? standing.provider,
    envKey: provider?.envKey ?? null,
    envModel: provider?.envModel ?? null,
    keyURL: provider?.keyURL ?? null,
    defaultModel: provider?.defaultModel ?? standing.model,
  };
}

/** `GET`: all data of the page. */
export async function readPage(context: AdminContext, { actor, permissions }: AdminRequest): Promise<Response> {
  const { llm, settings, lists, clock } = context;
  const snapshot = await readSettings(() => settings.get());
  const [plan, budgets] = await Promise.all([llm.plan(), summarizeBudgets(context)]);
  const configured = configuredOf(plan);
  const { models, warnings } = await lists.read(configured);
  const older = models[OLDER_PROVIDER]?.models ?? [];
  const ids = [...OLDER_PROVIDERS, ...plan.providers.map(({ provider }) => provider)];

  const data: AdminData = {
    currentSettings: toOlderSettings(snapshot.value, plan),
    settings: snapshot.value,
    version: snapshot.version,
    updatedAt: snapshot.updatedAt,
    updatedBy: snapshot.updatedBy,
    providers: Object.fromEntries(ids.map((id) => [id, configured.has(id)])),
    chain: plan.links,
    skipped: plan.skipped,
    overview: plan.providers.map((standing) => toOverview(standing, llm.providers)),
    health: { scope: "this process", links: llm.health() },
    status: llm.status(),
    activeProvider: plan.links[0]?.provider ?? null,
    wandbModels: older.filter(({ listed }) => listed === true).map(toOlderModel),
    models,
    recommendedModels: older.filter(({ recommended }) => recommended).map(toOlderModel),
    warnings: [...plan.warnings, ...warnings],
    actor,
    permissions,
    records: context.records !== null,
    budgets,
    experiments: context.experiments !== null,
    tuning: context.tuning !== null,
    now: clock.now(),
  };
  return toResponse(data);
}
