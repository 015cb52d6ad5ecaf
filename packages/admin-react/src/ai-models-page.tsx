import type { AdminData, ProviderModels, SavedData, SettingsPatch } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { type QueryClient, useMutation, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { AdminClient } from "./data/admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./data/request-failure.ts";
import { useEditing } from "./data/use-editing.ts";
import { useTest } from "./data/use-test.ts";
import { orderOf, setOrder } from "./edit/draft.ts";
import { AgentsTable } from "./parts/agents-table.tsx";
import { ChainRow } from "./parts/chain-row.tsx";
import { ChangesBar } from "./parts/changes-bar.tsx";
import { ConflictDialog } from "./parts/conflict-dialog.tsx";
import { HistoryList } from "./parts/history-list.tsx";
import { PageHead } from "./parts/page-head.tsx";
import { PageNotices } from "./parts/page-notices.tsx";
import { ProviderRow } from "./parts/provider-row.tsx";
import { TestOutcome } from "./parts/test-outcome.tsx";
import { describeChanges } from "./words/describe-changes.ts";

interface AIModelsPageProps {
  readonly data: AdminData;
  /** When the data came, epoch milliseconds. */
  readonly readAt: number;
  /** Why the latest look failed, while older data is shown. */
  readonly failure: RequestFailure | null;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  readonly refreshing: boolean;
  onRefresh(): Promise<unknown>;
  readonly onSaved?: ((saved: SavedData) => void) | undefined;
}

const NO_MODELS: ProviderModels = { models: [], retired: {}, listedAt: null };

/** What is not saved yet about each provider, in words. */
function pendingOf(patch: SettingsPatch): ReadonlyMap<string, string> {
  const ofProviders = Object.entries(patch.providers ?? {}).map(([id, change]): [string, string] => {
    const words = describeChanges({ providers: { [id]: change } }, String);
    return [id, words.map((each) => each.change).join(", ")];
  });
  return new Map(ofProviders);
}

/** The page with its data: the chain, the providers, the agents, the history, and what is not saved yet. */
export function AIModelsPage(props: AIModelsPageProps): ReactElement {
  const { data, readAt, failure, client, queries, refreshing, onRefresh, onSaved } = props;
  // The server's clock, as far as the page knows it.
  const now = data.now + (Date.now() - readAt);
  const [reason, setReason] = useState("");
  const [saved, setSaved] = useState<SavedData | null>(null);
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

  function onCommitted(next: SavedData): void {
    setSaved(next);
    setReason("");
    pendingTest.dismiss();
    void onRefresh();
    onSaved?.(next);
  }
  const refresh = () => void onRefresh();
  const editing = useEditing(data, client, queries, onCommitted);
  const pendingTest = useTest(client, queries, refresh);
  const rollBack = useMutation(
    {
      networkMode: "always",
      mutationFn: (version: number) =>
        client.rollBack({ version, ...(data.version === null ? {} : { expectedVersion: data.version }) }),
      onSuccess: onCommitted,
      onError: refresh,
    },
    queries,
  );

  const { settings, base, draft } = editing;
  const byId = new Map(data.overview.map((each) => [each.provider, each]));
  const ids = data.overview.map(({ provider }) => provider);
  const order = draft === null ? ids : orderOf(settings, ids);
  const providers = order.flatMap((id) => byId.get(id) ?? []);
  const nameOf = (id: string) => byId.get(id)?.name ?? id;
  const patch = diffSettings(base, settings);
  const pending = pendingOf(patch);
  const offline = failure?.kind === "offline";

  return (
    <>
      <PageHead
        data={data}
        refreshing={refreshing}
        testing={pendingTest.running}
        offline={offline}
        onRefresh={refresh}
        onTest={() => pendingTest.run({ settings })}
      />
      <PageNotices
        data={data}
        failure={failure}
        readAt={readAt}
        saved={saved}
        rollBackFailure={rollBack.error === null ? null : toRequestFailure(rollBack.error)}
        undoing={rollBack.isPending}
        canUndo={draft === null}
        onUndo={(version) => rollBack.mutate(version)}
        onDismiss={() => {
          setSaved(null);
          rollBack.reset();
        }}
      />
      {draft === null && pendingTest.outcome !== null && (
        <TestOutcome outcome={pendingTest.outcome} nameOf={nameOf} onDismiss={pendingTest.dismiss} />
      )}

      <section aria-labelledby="bm-chain-title">
        <div className="bm-section-head">
          <h2 id="bm-chain-title">Chain</h2>
          <p className="bm-note">
            A call goes to the first; when it fails, to the next. Figures: this process, last 5 minutes.
          </p>
        </div>
        <ChainRow
          providers={providers}
          active={data.activeProvider}
          now={now}
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
              onTested={refresh}
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
          nameOf={nameOf}
          onEdit={editing.edit}
        />
      </section>

      <section aria-labelledby="bm-history-title">
        <div className="bm-section-head">
          <h2 id="bm-history-title">History</h2>
          {draft !== null && <p className="bm-note">Save or discard your changes before you undo an earlier one.</p>}
        </div>
        <HistoryList
          entries={history.data?.entries}
          failed={history.isError}
          now={now}
          busy={draft !== null ? -1 : rollBack.isPending ? (rollBack.variables ?? null) : null}
          nameOf={nameOf}
          onRollBack={(version) => rollBack.mutate(version)}
        />
      </section>

      {draft !== null && (
        <ChangesBar
          changes={describeChanges(patch, nameOf)}
          saving={editing.saving}
          offline={offline}
          failure={editing.failure}
          test={pendingTest}
          reason={reason}
          nameOf={nameOf}
          onReason={setReason}
          onSave={(force) => editing.save({ force, reason: reason.trim() })}
          onDiscard={() => {
            editing.discard();
            pendingTest.dismiss();
          }}
          onTest={() => pendingTest.run({ settings })}
        />
      )}
      {draft !== null && editing.conflict !== null && (
        <ConflictDialog
          draft={draft}
          current={editing.conflict}
          actor={data.actor}
          now={now}
          nameOf={nameOf}
          onReapply={() => {
            editing.reapply();
            refresh();
          }}
          onDiscard={() => {
            editing.discard();
            refresh();
          }}
          onClose={editing.closeConflict}
        />
      )}
    </>
  );
}
