import type { AgentSettings } from "@babylon/admin-api/contract";

/** The state of the form of one agent's override. */
export interface AgentForm {
  /** The agent that is edited; empty: a new one. */
  readonly editing: string;
  readonly id: string;
  readonly kind: "provider" | "models";
  readonly provider: string;
  readonly model: string | null;
  /** Models by provider. */
  readonly models: Readonly<Record<string, string>>;
}

/** The form of an agent's settings; `null` settings: a new agent. */
export function toAgentForm(id: string, agent: AgentSettings | null, firstProvider: string): AgentForm {
  const hasModels = agent !== null && "models" in agent;
  const hasProvider = agent !== null && "provider" in agent;
  return {
    editing: id,
    id,
    kind: hasModels ? "models" : "provider",
    provider: hasProvider ? agent.provider : firstProvider,
    model: hasProvider ? (agent.model ?? null) : null,
    models: hasModels ? agent.models : {},
  };
}

/** The settings that a form describes. */
export function fromAgentForm({ kind, provider, model, models }: AgentForm): AgentSettings {
  if (kind === "models") return { models };
  return model === null ? { provider } : { provider, model };
}

const isText = (value: unknown): value is string => typeof value === "string";

/** A stored form; `null` where it is none. */
export function parseAgentForm(stored: unknown): AgentForm | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { editing, id, kind, provider, model, models }: Partial<Record<keyof AgentForm, unknown>> = stored;
  if (!isText(editing) || !isText(id) || !isText(provider) || typeof models !== "object" || models === null)
    return null;
  if ((kind !== "provider" && kind !== "models") || (model !== null && !isText(model))) return null;
  const entries = Object.entries(models).filter((entry): entry is [string, string] => isText(entry[1]));
  return { editing, id, kind, provider, model, models: Object.fromEntries(entries) };
}
