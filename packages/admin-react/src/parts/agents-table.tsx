import type { AgentSettings, ProviderModels, ProviderOverview, SystemSettings } from "@babylon/admin-api/contract";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useStoredState } from "../data/use-stored-state.ts";
import { parseAgentForm, toAgentForm } from "../edit/agent-form.ts";
import { setAgent } from "../edit/draft.ts";
import { AGENTS_PER_PAGE, type AgentEntry, findAgents, pageOfAgent } from "../edit/find-agents.ts";
import { ActionButton } from "./action-button.tsx";
import { AgentEditor } from "./agent-editor.tsx";
import { AgentPager } from "./agent-pager.tsx";
import { Icon } from "./icon.tsx";
import { useReadOnly } from "./read-only.ts";

interface AgentsTableProps {
  /** As they would be saved. */
  readonly settings: SystemSettings;
  /** As they are saved. */
  readonly saved: SystemSettings;
  readonly providers: readonly ProviderOverview[];
  readonly models: Readonly<Record<string, ProviderModels>>;
  /** Where the open form is stored in the browser tab. */
  readonly formKey: string;
  nameOf(provider: string): string;
  onEdit(settings: SystemSettings): void;
}

interface AgentLine {
  readonly what: string;
  readonly model: string | null;
}

function linesOf(agent: AgentSettings, nameOf: (provider: string) => string): readonly AgentLine[] {
  // A newer version of the store may have other settings of an agent.
  if (!("models" in agent) && !("provider" in agent))
    return [{ what: "Settings that this page does not know", model: null }];
  if (!("models" in agent)) return [{ what: `${nameOf(agent.provider)} first`, model: agent.model ?? null }];
  const lines = Object.entries(agent.models).map(([provider, model]) => ({ what: nameOf(provider), model }));
  return lines.length === 0 ? [{ what: "No settings of its own", model: null }] : lines;
}

const editButton = (id: string) => `[data-agent="${CSS.escape(id)}"] [data-action="edit"]`;
const ADD_BUTTON = '[data-action="add"]';

/** The agents with a provider or models of their own, with a search and pagination for many. */
export function AgentsTable(props: AgentsTableProps): ReactElement {
  const { settings, saved, providers, models, formKey, nameOf, onEdit } = props;
  const readOnly = useReadOnly();
  const [form, setForm] = useStoredState(formKey, parseAgentForm);
  const [search, setSearch] = useState("");
  const [wantedPage, setPage] = useState(0);
  const card = useRef<HTMLDivElement>(null);
  /** What gets the focus after the next change of the table: the first that is there. */
  const refocus = useRef<readonly string[]>([]);
  const agents: readonly AgentEntry[] = Object.entries(settings.agents).toSorted(([a], [b]) => a.localeCompare(b));
  const found = findAgents(agents, search, wantedPage, nameOf);
  const isNew = (id: string) => JSON.stringify(saved.agents[id]) !== JSON.stringify(settings.agents[id]);

  useEffect(() => {
    const wanted = refocus.current.flatMap((selector) => card.current?.querySelector<HTMLElement>(selector) ?? []);
    refocus.current = [];
    wanted[0]?.focus();
  });

  const open = (id: string) =>
    setForm(toAgentForm(id, id === "" ? null : (settings.agents[id] ?? null), providers[0]?.provider ?? ""));

  function close(id: string): void {
    refocus.current = [editButton(id), ADD_BUTTON];
    setForm(null);
  }
  function onDone(id: string, agent: AgentSettings): void {
    const next = setAgent(settings, id, agent);
    onEdit(next);
    // A new agent is shown, whatever was searched for.
    const sorted = Object.entries(next.agents).toSorted(([a], [b]) => a.localeCompare(b));
    if (form?.editing === "") {
      setSearch("");
      setPage(pageOfAgent(sorted, id));
    }
    close(id);
  }
  function remove(id: string): void {
    const at = found.rows.findIndex(([each]) => each === id);
    const neighbours = [found.rows[at + 1], found.rows[at - 1]].flatMap((entry) => entry?.[0] ?? []);
    refocus.current = [
      ...neighbours.map((each) => `[data-agent="${CSS.escape(each)}"] [data-action="remove"]`),
      ADD_BUTTON,
    ];
    onEdit(setAgent(settings, id, null));
  }

  const editor = form !== null && (
    <AgentEditor
      form={form}
      taken={agents.map(([each]) => each)}
      providers={providers}
      models={models}
      onChange={setForm}
      onCancel={() => close(form.editing)}
      onDone={onDone}
    />
  );
  // The form stays open while its agent is on another page.
  const isInTable = form !== null && found.rows.some(([id]) => id === form.editing);

  return (
    <div className="bm-card" ref={card}>
      {agents.length > AGENTS_PER_PAGE && (
        <AgentPager
          search={search}
          found={found}
          onSearch={(next) => {
            setSearch(next);
            setPage(0);
          }}
          onPage={setPage}
        />
      )}
      {found.rows.length > 0 && (
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
            {found.rows.map(([id, agent]) =>
              isInTable && form?.editing === id ? (
                <tr key={id}>
                  <td colSpan={4}>{editor}</td>
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
                        {model ?? "the provider's"}
                      </div>
                    ))}
                  </td>
                  <td className="bm-table-actions">
                    <ActionButton
                      className="bm-text-button"
                      data-action="edit"
                      aria-label={`Edit the override of ${id}`}
                      blocked={readOnly}
                      onClick={() => open(id)}
                    >
                      Edit
                    </ActionButton>
                    <ActionButton
                      className="bm-text-button"
                      data-action="remove"
                      aria-label={`Remove the override of ${id}`}
                      blocked={readOnly}
                      onClick={() => remove(id)}
                    >
                      Remove
                    </ActionButton>
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      )}
      {agents.length > 0 && found.total === 0 && <p className="bm-empty">No agent matches “{search.trim()}”.</p>}
      {agents.length === 0 && form === null && (
        <p className="bm-empty">
          Every agent uses the chain. An override gives an agent another first provider, or other models.
        </p>
      )}
      {form !== null && !isInTable ? (
        <div className="bm-card-foot">{editor}</div>
      ) : (
        <div className="bm-card-foot">
          <ActionButton className="bm-button" data-action="add" blocked={readOnly} onClick={() => open("")}>
            <Icon name="plus" />
            Add an override
          </ActionButton>
        </div>
      )}
    </div>
  );
}
