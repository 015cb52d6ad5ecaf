import type { ProviderModels, ProviderOverview, SystemSettings } from "@babylon/admin-api/contract";
import type { QueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import type { RequestFailure } from "../data/request-failure.ts";
import { useTest } from "../data/use-test.ts";
import { setEnabled, setModel } from "../edit/draft.ts";
import { ActionButton } from "./action-button.tsx";
import { ModelPicker } from "./model-picker.tsx";
import { useReadOnly } from "./read-only.ts";
import { Switch } from "./switch.tsx";
import { TestOutcome } from "./test-outcome.tsx";

interface ProviderRowProps {
  readonly provider: ProviderOverview;
  /** As they would be saved. */
  readonly settings: SystemSettings;
  readonly changed: boolean;
  readonly models: ProviderModels;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onEdit(settings: SystemSettings): void;
  onTested(failure: RequestFailure | null): void;
}

/** The model that is used when none is chosen here. */
function fallbackOf({ modelSource, model, defaultModel }: ProviderOverview): string {
  return modelSource === "settings" || modelSource === "agent" || modelSource === "call" ? defaultModel : model;
}

function sourceOf({ modelSource, envModel }: ProviderOverview): string {
  if (modelSource === "variable") return envModel ?? "Environment";
  return modelSource === "factory" ? "Code" : "Default";
}

/** One provider's switch, model and test. */
export function ProviderRow(props: ProviderRowProps): ReactElement {
  const { provider, settings, changed, models, client, queries, nameOf, onEdit, onTested } = props;
  const { provider: id, name, configured, envKey, keyURL } = provider;
  const stored = Object.hasOwn(settings.providers, id) ? settings.providers[id] : undefined;
  const test = useTest(client, queries, onTested);
  const enabled = stored?.enabled ?? true;
  const readOnly = useReadOnly();

  return (
    <li className="bm-row" data-provider={id} data-off={!enabled || !configured} data-changed={changed}>
      <div className="bm-row-name">
        <Switch
          label={`${name} is switched on`}
          checked={configured && enabled}
          disabled={!configured || readOnly}
          onChange={(next) => onEdit(setEnabled(settings, id, next))}
        />
        <h3>{name}</h3>
        {changed && <span className="bm-tag bm-tag-pending">Unsaved</span>}
      </div>
      {configured ? (
        <ModelPicker
          label={`Model of ${name}`}
          value={stored?.model ?? null}
          fallback={fallbackOf(provider)}
          source={sourceOf(provider)}
          models={models}
          onChoose={(model) => onEdit(setModel(settings, id, model))}
        />
      ) : (
        <p className="bm-no-key">
          {envKey === null ? "Not configured." : "Set "}
          {envKey !== null && <code>{envKey}</code>}
          {envKey !== null && " in the environment and restart."}{" "}
          {keyURL !== null && (
            <a className="bm-link" href={keyURL} target="_blank" rel="noreferrer">
              Get a key<span className="bm-hidden"> for {name}, in a new tab</span>
            </a>
          )}
        </p>
      )}
      <div className="bm-row-actions">
        {configured && (
          <ActionButton
            className="bm-button"
            aria-label={`Test ${name}${changed ? " with the unsaved choice" : ""}`}
            blocked={test.running || readOnly}
            onClick={() => test.run({ provider: id, settings })}
          >
            {test.running ? "Testing…" : "Test"}
          </ActionButton>
        )}
      </div>
      {test.outcome !== null && <TestOutcome outcome={test.outcome} nameOf={nameOf} onDismiss={test.dismiss} />}
    </li>
  );
}
