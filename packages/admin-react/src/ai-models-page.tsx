import type { AdminData, ProviderModels, SavedData, SettingsPatch, WindowName } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { AdminClient } from "./data/admin-client.ts";
import type { RequestFailure } from "./data/request-failure.ts";
import { useChanges } from "./data/use-changes.ts";
import { storedKey } from "./data/use-stored-state.ts";
import { useTest } from "./data/use-test.ts";
import { orderOf, setOrder } from "./edit/draft.ts";
import { AgentsTable } from "./parts/agents-table.tsx";
import { ChainRow } from "./parts/chain-row.tsx";
import { HistoryList } from "./parts/history-list.tsx";
import { PageHead } from "./parts/page-head.tsx";
import { PageNotices } from "./parts/page-notices.tsx";
import { ProviderRow } from "./parts/provider-row.tsx";
import { ReadOnlyContext } from "./parts/read-only.ts";
import { TestOutcome } from "./parts/test-outcome.tsx";
import { UnsavedChanges } from "./parts/unsaved-changes.tsx";
import { WindowChoice } from "./parts/window-choice.tsx";
import { useProviderCourses } from "./usage/use-provider-courses.ts";
import { describeChanges } from "./words/describe-changes.ts";

interface AIModelsPageProps {
  readonly data: AdminData;
  /** When the data arrived, epoch milliseconds of the browser's clock. */
  readonly readAt: number;
  /** The error of the latest refresh, while older data is shown. */
  readonly failure: RequestFailure | null;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  readonly refreshing: boolean;
  onRefresh(): Promise<unknown>;
  readonly onSaved?: ((saved: SavedData) => void) | undefined;
}

const NO_MODELS: ProviderModels = { models: [], retired: {}, listedAt: null };

/** The unsaved changes of each provider, in words. */
function pendingOf(patch: SettingsPatch): ReadonlyMap<string, string> {
  const ofProviders = Object.entries(patch.providers ?? {}).map(([id, change]): [string, string] => {
    const words = describeChanges({ providers: { [id]: change } }, String);
    return [id, words.map((each) => each.change).join(", ")];
  });
  return new Map(ofProviders);
}

/** The page with its data: the state of the service, the chain, the providers, the agents, the history, and the unsaved changes. */
export function AIModelsPage(props: AIModelsPageProps): ReactElement {
  const { data, readAt, failure, client, queries, refreshing, onRefresh, onSaved } = props;
  // The estimated time of the server's clock.
  const now = data.now + (Date.now() - readAt);
  const [window, setWindow] = useState<WindowName>("last5Minutes");
  const history = useQuery(
    {
      queryKey: ["history", client.endpoint, data.version],
      queryFn: ({ signal }) => client.history(signal),
      placeholderData: (before) => before,
      retry: false,
      networkMode: "always",
    },
    queries,
  );

  const courseOf = useProviderCourses(data.records, client, queries);

  const refresh = () => void onRefresh();
  const changes = useChanges(data, client, queries, {
    failure,
    refresh,
    onSaved(saved) {
      pendingTest.dismiss();
      onSaved?.(saved);
    },
  });
  const { editing, rollBack, readOnly } = changes;
  function onTested(refusal: RequestFailure | null): void {
    changes.onRefused(refusal);
    refresh();
  }
  const pendingTest = useTest(client, queries, onTested);

  const { settings, base, draft } = editing;
  const byId = new Map(data.overview.map((each) => [each.provider, each]));
  const ids = data.overview.map(({ provider }) => provider);
  const order = draft === null ? ids : orderOf(settings, ids);
  const providers = order.flatMap((id) => byId.get(id) ?? []);
  const nameOf = (id: string) => byId.get(id)?.name ?? id;
  const patch = diffSettings(base, settings);
  const pending = pendingOf(patch);
  const offline = failure?.kind === "offline";
  const outage = data.status.state === "outage";

  return (
    <ReadOnlyContext.Provider value={readOnly}>
      <PageHead
        data={data}
        now={now}
        latest={history.data?.entries[0]}
        before={history.data?.entries[1]?.settings}
        refreshing={refreshing}
        testing={pendingTest.running}
        offline={offline}
        nameOf={nameOf}
        onRefresh={refresh}
        onTest={() => pendingTest.run({ settings })}
      />
      <PageNotices data={data} failure={failure} readAt={readAt} changes={changes} />
      {draft === null && pendingTest.outcome !== null && (
        <TestOutcome outcome={pendingTest.outcome} nameOf={nameOf} onDismiss={pendingTest.dismiss} />
      )}

      <section aria-labelledby="bm-chain-title">
        <div className="bm-section-head">
          <h2 id="bm-chain-title">Chain</h2>
          <p className="bm-note">
            A call starts with the first provider and falls back to the next. Figures of this process:
          </p>
          <WindowChoice window={window} onChoose={setWindow} />
        </div>
        <ChainRow
          providers={providers}
          context={{ activeProvider: data.activeProvider, now, outage }}
          window={window}
          courseOf={courseOf}
          pending={pending}
          orderPending={patch.order !== undefined}
          onOrder={(next) => editing.edit(setOrder(settings, next))}
        />
      </section>

      <section aria-labelledby="bm-providers-title">
        <div className="bm-section-head">
          <h2 id="bm-providers-title">Providers</h2>
        </div>
        <ul className="bm-card bm-rows">
          {providers.map((provider) => (
            <ProviderRow
              key={provider.provider}
              provider={provider}
              settings={settings}
              changed={pending.has(provider.provider)}
              models={data.models[provider.provider] ?? NO_MODELS}
              client={client}
              queries={queries}
              nameOf={nameOf}
              onEdit={editing.edit}
              onTested={onTested}
            />
          ))}
        </ul>
      </section>

      <section aria-labelledby="bm-agents-title">
        <div className="bm-section-head">
          <h2 id="bm-agents-title">Agent overrides</h2>
        </div>
        <AgentsTable
          settings={settings}
          saved={base}
          providers={data.overview}
          models={data.models}
          formKey={storedKey(client.endpoint, "agent-form")}
          nameOf={nameOf}
          onEdit={editing.edit}
        />
      </section>

      <section aria-labelledby="bm-history-title">
        <div className="bm-section-head">
          <h2 id="bm-history-title">History</h2>
          {draft !== null && <p className="bm-note">Save or discard your changes before you restore a version.</p>}
        </div>
        <HistoryList
          entries={history.data?.entries}
          failed={history.isError}
          now={now}
          current={data.settings}
          restoring={rollBack.running}
          blocked={draft !== null || offline}
          nameOf={nameOf}
          onRollBack={rollBack.run}
        />
      </section>

      <UnsavedChanges
        editing={editing}
        test={pendingTest}
        offline={offline}
        actor={data.actor}
        now={now}
        nameOf={nameOf}
        refresh={refresh}
      />
    </ReadOnlyContext.Provider>
  );
}
