import type { AdminData } from "@babylon/admin-api/contract";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { storedKey, useStoredState } from "../data/use-stored-state.ts";
import { toExperimentForm } from "../edit/edit-experiment.ts";
import { newExperimentForm, parseExperimentDraft } from "../edit/experiment-form.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Notice } from "../parts/notice.tsx";
import { RefreshButton } from "../parts/refresh-button.tsx";
import type { TabView } from "../usage/tab-view.ts";
import { ExperimentDetail } from "./experiment-detail.tsx";
import { ExperimentEditor } from "./experiment-editor.tsx";
import { ExperimentTable } from "./experiment-table.tsx";
import { saveExperiment } from "./save-experiment.ts";

interface ExperimentsPageProps {
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  readonly data: AdminData;
  nameOf(provider: string): string;
  onView(view: TabView, push?: boolean): void;
}

const REFRESH_MS = 10_000;

/** The experiments: a list, a form for a new one, and one with its report. */
export function ExperimentsPage({ view, client, queries, data, nameOf, onView }: ExperimentsPageProps): ReactElement {
  const [draft, setDraft] = useStoredState(storedKey(client.endpoint, "experiment-form"), parseExperimentDraft);
  const list = useQuery(
    {
      queryKey: ["experiments", client.endpoint],
      queryFn: ({ signal }) => client.experiments(signal),
      refetchInterval: REFRESH_MS,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const readOnly = !data.permissions.includes("write");
  const open = (experiment: string | null) => onView({ ...view, experiment }, true);
  const refresh = () => Promise.all([list.refetch(), queries.invalidateQueries({ queryKey: ["page"] })]);

  const experiments = list.data?.experiments ?? {};
  const editor = draft !== null && !readOnly && (
    <ExperimentEditor
      draft={draft}
      data={data}
      taken={Object.keys(experiments)}
      client={client}
      queries={queries}
      nameOf={nameOf}
      onSave={async (id, patch, edited) => {
        await saveExperiment(client, { id, patch, edited });
        await Promise.all([refresh(), queries.invalidateQueries({ queryKey: ["experiment", client.endpoint, id] })]);
        setDraft(null);
        if (view.experiment !== id) open(id);
      }}
      onDraft={setDraft}
      onDiscard={() => setDraft(null)}
    />
  );

  if (view.experiment !== null) {
    const id = view.experiment;
    const isEdited = draft !== null && draft.edited !== null && draft.form.id === id;
    return (
      <ExperimentDetail
        key={id}
        id={id}
        client={client}
        queries={queries}
        readOnly={readOnly}
        editor={isEdited && editor !== false ? editor : null}
        isBusy={draft !== null && !isEdited}
        onEdit={(settings) =>
          setDraft({
            form: toExperimentForm(id, settings, data.overview[0]?.provider ?? ""),
            step: 0,
            edited: settings,
          })
        }
        onChanged={refresh}
        onClose={() => open(null)}
      />
    );
  }
  return (
    <div className="bm-stack">
      <header className="bm-head-line">
        <h1 tabIndex={-1}>Experiments</h1>
        <div className="bm-head-actions">
          <RefreshButton busy={list.isFetching} onRefresh={() => void list.refetch()} />
          <ActionButton
            className="bm-button"
            blocked={readOnly || draft !== null}
            onClick={() =>
              setDraft({ form: newExperimentForm(data.overview[0]?.provider ?? ""), step: 0, edited: null })
            }
          >
            New experiment
          </ActionButton>
        </div>
      </header>
      <div className="bm-notices" aria-live="polite">
        {list.error !== null && (
          <Notice tone="bad" icon="alert">
            The experiments could not be read: {toRequestFailure(list.error).message}.
          </Notice>
        )}
      </div>
      {editor}
      {list.data === undefined ? (
        list.error === null && <div className="bm-bone bm-bone-table" />
      ) : (
        <ExperimentTable experiments={experiments} view={view} onOpen={open} />
      )}
    </div>
  );
}
