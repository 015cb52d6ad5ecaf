import type { AgentSettings, ProviderModels, ProviderOverview, SystemSettings } from "@babylon/admin-api/contract";
import { type ReactElement, useState } from "react";
import { setAgent } from "../edit/draft.ts";
import { AgentEditor } from "./agent-editor.tsx";
import { Icon } from "./icon.tsx";

interface AgentsTableProps {
  /** As they would be saved. */
  readonly settings: SystemSettings;
  /** As they are saved. */
  readonly saved: SystemSettings;
  readonly providers: readonly ProviderOverview[];
  readonly models: Readonly<Record<string, ProviderModels>>;
  nameOf(provider: string): string;
  onEdit(settings: SystemSettings): void;
}

interface AgentLine {
  readonly what: string;
  readonly model: string | null;
}

function linesOf(agent: AgentSettings, nameOf: (provider: string) => string): readonly AgentLine[] {
  // A newer version of the store may say something else about an agent.
  if (!("models" in agent) && !("provider" in agent))
    return [{ what: "Settings that this page does not know", model: null }];
  if (!("models" in agent)) return [{ what: `${nameOf(agent.provider)} first`, model: agent.model ?? null }];
  const lines = Object.entries(agent.models).map(([provider, model]) => ({ what: nameOf(provider), model }));
  return lines.length === 0 ? [{ what: "Nothing of its own", model: null }] : lines;
}

/** The agents that do not follow the chain as it is. */
export function AgentsTable({ settings, saved, providers, models, nameOf, onEdit }: AgentsTableProps): ReactElement {
  const [editing, setEditing] = useState<string | null>(null);
  const agents = Object.entries(settings.agents).toSorted(([a], [b]) => a.localeCompare(b));
  const isNew = (id: string) => JSON.stringify(saved.agents[id]) !== JSON.stringify(settings.agents[id]);
  const editor = (id: string) => (
    <AgentEditor
      id={id}
      agent={id === "" ? null : (settings.agents[id] ?? null)}
      taken={agents.map(([each]) => each)}
      providers={providers}
      models={models}
      onCancel={() => setEditing(null)}
      onDone={(agentId, agent) => {
        onEdit(setAgent(settings, agentId, agent));
        setEditing(null);
      }}
    />
  );

  return (
    <div className="bm-card">
      {agents.length > 0 && (
        <table className="bm-table">
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">Override</th>
              <th scope="col">Model</th>
              <th scope="col">
                <span className="bm-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {agents.map(([id, agent]) =>
              editing === id ? (
                <tr key={id}>
                  <td colSpan={4}>{editor(id)}</td>
                </tr>
              ) : (
                <tr key={id} data-agent={id}>
                  <th scope="row">
                    <span className="bm-mono">{id}</span>
                    {isNew(id) && <span className="bm-tag bm-tag-pending">Unsaved</span>}
                  </th>
                  <td data-label="Override">
                    {linesOf(agent, nameOf).map(({ what }) => (
                      <div key={what}>{what}</div>
                    ))}
                  </td>
                  <td data-label="Model">
                    {linesOf(agent, nameOf).map(({ what, model }) => (
                      <div key={what} className={model === null ? "bm-note" : "bm-mono bm-break"}>
                        {model ?? "as the provider's"}
                      </div>
                    ))}
                  </td>
                  <td className="bm-table-actions">
                    <button
                      type="button"
                      className="bm-text-button"
                      aria-label={`Edit the override of ${id}`}
                      onClick={() => setEditing(id)}
                    >
                      Edit
                    </button>
                    <button
                      type="button"
                      className="bm-text-button"
                      aria-label={`Remove the override of ${id}`}
                      onClick={() => onEdit(setAgent(settings, id, null))}
                    >
                      Remove
                    </button>
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      )}
      {agents.length === 0 && editing === null && (
        <p className="bm-empty">
          Every agent follows the chain. An override lets one start elsewhere, or use other models.
        </p>
      )}
      {editing === "" ? (
        <div className="bm-card-foot">{editor("")}</div>
      ) : (
        <div className="bm-card-foot">
          <button type="button" className="bm-button" onClick={() => setEditing("")}>
            <Icon name="plus" />
            Add an override
          </button>
        </div>
      )}
    </div>
  );
}
