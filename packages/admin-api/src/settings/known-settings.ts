import type { AgentSettings, SystemSettings } from "@babylon/llm-core";
import { PRINTABLE } from "@babylon/settings-store/schema";

/**
 * The settings as the client of this process takes them for a plan or a call: without the fields that a newer version has stored, and
 * without the ids that an older version has stored and that are refused since, because they have characters that cannot be seen.
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

/** None where a newer version says something about the agent that is no choice of a link. */
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
