import type { AgentSettings, SystemSettings } from "@babylon/llm-core";

/** The settings without the fields that a newer version has stored: what the client of this process takes for a plan or a call. */
export function knownSettings({ order, providers, agents }: SystemSettings): SystemSettings {
  return {
    order,
    providers: Object.fromEntries(
      Object.entries(providers).map(([id, { enabled, model }]) => [
        id,
        { ...(enabled === undefined ? {} : { enabled }), ...(model == null ? {} : { model }) },
      ]),
    ),
    agents: Object.fromEntries(
      Object.entries(agents).flatMap(([id, agent]) => knownAgent(agent).map((own) => [id, own])),
    ),
  };
}

/** None where a newer version says something about the agent that is no choice of a link. */
function knownAgent(agent: AgentSettings): readonly AgentSettings[] {
  if ("models" in agent) return [{ models: agent.models }];
  if (!("provider" in agent)) return [];
  return [{ provider: agent.provider, ...(agent.model == null ? {} : { model: agent.model }) }];
}
