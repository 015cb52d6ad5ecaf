import type { AgentSettings, SystemSettings } from "@babylon/llm-core";
import { PRINTABLE } from "@babylon/settings-store/schema";

/**
 * The settings as the client of this process accepts them for a plan or a call: without the fields that a newer version has stored, and
 * without ids with invisible characters, which an older version has stored and which are refused now.
 */
export function knownSettings({ order, providers, agents }: SystemSettings): SystemSettings {
  return {
    order,
    providers: Object.fromEntries(
      Object.entries(providers).map(([id, { enabled, model }]) => [
        id,
        { ...(enabled === undefined ? {} : { enabled }), ...knownModel(model) },
      ]),
    ),
    agents: Object.fromEntries(
      Object.entries(agents).flatMap(([id, agent]) =>
        PRINTABLE.test(id) ? knownAgent(agent).map((own) => [id, own] as const) : [],
      ),
    ),
  };
}

/** Empty where a newer version stored something else about the agent than a provider or models. */
function knownAgent(agent: AgentSettings): readonly AgentSettings[] {
  if ("models" in agent) {
    const models = Object.entries(agent.models).filter(([, model]) => PRINTABLE.test(model));
    return [{ models: Object.fromEntries(models) }];
  }
  return "provider" in agent ? [{ provider: agent.provider, ...knownModel(agent.model) }] : [];
}

function knownModel(model: string | null | undefined): { readonly model?: string } {
  return model == null || !PRINTABLE.test(model) ? {} : { model };
}
