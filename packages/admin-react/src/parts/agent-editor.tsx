import type { AgentSettings, ProviderModels, ProviderOverview } from "@babylon/admin-api/contract";
import { type FormEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { type AgentForm, fromAgentForm } from "../edit/agent-form.ts";
import { FieldProblem } from "./field-problem.tsx";
import { Icon } from "./icon.tsx";
import { ModelPicker } from "./model-picker.tsx";

interface AgentEditorProps {
  readonly form: AgentForm;
  /** Ids that have an override already. */
  readonly taken: readonly string[];
  readonly providers: readonly ProviderOverview[];
  readonly models: Readonly<Record<string, ProviderModels>>;
  onChange(form: AgentForm): void;
  onDone(id: string, agent: AgentSettings): void;
  onCancel(): void;
}

const NO_MODELS: ProviderModels = { models: [], retired: {}, listedAt: null };

function problemOf(id: string, own: string, taken: readonly string[]): string | null {
  if (id === "") return "Enter the id of the agent.";
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(id) || id.length > 200) {
    return "An id has at most 200 characters, on one line, without invisible ones.";
  }
  return id !== own && taken.includes(id) ? "This agent has an override already." : null;
}

/** The form of one agent's override: another provider first, or other models. */
export function AgentEditor(props: AgentEditorProps): ReactElement {
  const { form, taken, providers, models, onChange, onDone, onCancel } = props;
  const { editing: own, id, kind, provider, model, models: chosen } = form;
  const [tried, setTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const field = useId();
  const trimmed = id.trim();
  const problem = problemOf(trimmed, own, taken);
  const noModels = kind === "models" && Object.keys(chosen).length === 0;
  const change = (part: Partial<AgentForm>) => onChange({ ...form, ...part });

  useEffect(() => element.current?.querySelector<HTMLElement>("input:not([readonly]), select")?.focus(), []);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (problem === null && !noModels) onDone(trimmed, fromAgentForm(form));
  }
  function chooseFor(providerId: string, next: string | null): void {
    const others = Object.entries(chosen).filter(([each]) => each !== providerId);
    change({ models: Object.fromEntries(next === null ? others : [...others, [providerId, next]]) });
  }
  const modelOf = (providerId: string) => providers.find((each) => each.provider === providerId)?.model ?? "";

  return (
    <form className="bm-agent-form" ref={element} onSubmit={onSubmit}>
      <div className="bm-form-line">
        <label htmlFor={`${field}-id`}>Agent</label>
        <div>
          <input
            id={`${field}-id`}
            className="bm-field bm-mono"
            value={id}
            readOnly={own !== ""}
            autoComplete="off"
            spellCheck={false}
            placeholder="agent-id"
            aria-invalid={tried && problem !== null}
            aria-describedby={tried && problem !== null ? `${field}-problem` : undefined}
            onChange={({ target }) => change({ id: target.value })}
          />
          <FieldProblem field={field} problem={tried ? problem : null} />
        </div>
      </div>
      <fieldset className="bm-form-line bm-segments">
        <legend>Override</legend>
        <div className="bm-segment-row">
          {(["provider", "models"] as const).map((each) => (
            <label key={each} className="bm-segment" data-chosen={kind === each}>
              <input
                type="radio"
                className="bm-hidden"
                name={`${field}-kind`}
                checked={kind === each}
                onChange={() => change({ kind: each })}
              />
              {each === "provider" ? "Starts with one provider" : "Own models, same order"}
            </label>
          ))}
        </div>
      </fieldset>
      {kind === "provider" ? (
        <>
          <div className="bm-form-line">
            <label htmlFor={`${field}-provider`}>Provider</label>
            <div className="bm-select">
              <select
                id={`${field}-provider`}
                className="bm-field"
                value={provider}
                onChange={({ target }) => change({ provider: target.value, model: null })}
              >
                {providers.map((each) => (
                  <option key={each.provider} value={each.provider}>
                    {each.name}
                    {each.configured ? "" : " (no key)"}
                  </option>
                ))}
              </select>
              <Icon name="chevron" />
            </div>
          </div>
          <div className="bm-form-line">
            <span className="bm-form-label">Model</span>
            <ModelPicker
              label="Model of the agent"
              value={model}
              fallback={modelOf(provider)}
              models={models[provider] ?? NO_MODELS}
              onChoose={(next) => change({ model: next })}
            />
          </div>
        </>
      ) : (
        providers.map((each) => (
          <div className="bm-form-line" key={each.provider}>
            <span className="bm-form-label">{each.name}</span>
            <ModelPicker
              label={`The agent's model of ${each.name}`}
              value={chosen[each.provider] ?? null}
              fallback={each.model}
              models={models[each.provider] ?? NO_MODELS}
              onChoose={(next) => chooseFor(each.provider, next)}
            />
          </div>
        ))
      )}
      {tried && noModels && <p className="bm-problem">Choose at least one model.</p>}
      <div className="bm-form-actions">
        <button type="submit" className="bm-button bm-button-strong">
          {own === "" ? "Add" : "Apply"}
        </button>
        <button type="button" className="bm-button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
