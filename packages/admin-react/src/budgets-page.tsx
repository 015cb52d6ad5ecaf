import type { AdminData, BudgetRule, BudgetWindow, SavedData } from "@babylon/admin-api/contract";
import { type QueryClient, useMutation } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { RuleList } from "./budgets/rule-list.tsx";
import { useBudgets } from "./budgets/use-budgets.ts";
import { WriteOffDialog } from "./budgets/write-off-dialog.tsx";
import { WriteOffList } from "./budgets/write-off-list.tsx";
import type { AdminClient } from "./data/admin-client.ts";
import { type RequestFailure, toRequestFailure } from "./data/request-failure.ts";
import { useChanges } from "./data/use-changes.ts";
import { storedKey } from "./data/use-stored-state.ts";
import { Icon } from "./parts/icon.tsx";
import { Notice } from "./parts/notice.tsx";
import { PageNotices } from "./parts/page-notices.tsx";
import { ReadOnlyContext } from "./parts/read-only.ts";
import { RefreshButton } from "./parts/refresh-button.tsx";
import { UnsavedChanges } from "./parts/unsaved-changes.tsx";
import { formatBudgetAmount } from "./words/format-budget-amount.ts";

interface BudgetsPageProps {
  readonly data: AdminData;
  /** When the data arrived, epoch milliseconds of the browser's clock. */
  readonly readAt: number;
  /** The error of the latest refresh, while older data is shown. */
  readonly failure: RequestFailure | null;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onRefresh(): Promise<unknown>;
  readonly onSaved?: ((saved: SavedData) => void) | undefined;
}

interface WriteOff {
  readonly window: BudgetWindow;
  readonly presumed: number;
  readonly reason: string;
}

const NO_RULES: readonly BudgetRule[] = [];

/** The budgets: their rules, what is used of them and by whom, and what is presumed. */
export function BudgetsPage(props: BudgetsPageProps): ReactElement {
  const { data, readAt, failure, client, queries, nameOf, onRefresh, onSaved } = props;
  const now = data.now + (Date.now() - readAt);
  const budgets = useBudgets(client, queries);
  const { query } = budgets;
  const [writingOff, setWritingOff] = useState<BudgetWindow | null>(null);
  const [writtenOff, setWrittenOff] = useState<string | null>(null);

  function refresh(): void {
    void onRefresh();
    void query.refetch();
  }
  const changes = useChanges(data, client, queries, { failure, refresh, onSaved: (saved) => onSaved?.(saved) });
  const writeOff = useMutation(
    {
      networkMode: "always",
      mutationFn: ({ window, presumed, reason }: WriteOff) =>
        client.writeOff({ key: window.key, presumed, ...(reason === "" ? {} : { reason }) }),
      onSuccess(_, { window, presumed }) {
        setWrittenOff(`${formatBudgetAmount(presumed, window.unit)} of “${window.rule}” were written off.`);
        setWritingOff(null);
        refresh();
      },
      onError(thrown) {
        changes.onRefused(toRequestFailure(thrown));
        refresh();
      },
    },
    queries,
  );
  const { editing } = changes;
  const offline = failure?.kind === "offline";
  // As it is now: amounts change while the dialog is open.
  const current = query.data?.windows.find(({ key }) => key === writingOff?.key) ?? writingOff;

  return (
    <ReadOnlyContext.Provider value={changes.readOnly}>
      <header className="bm-head-line">
        <h1 tabIndex={-1}>Budgets</h1>
        <div className="bm-head-actions">
          <RefreshButton busy={query.isFetching} onRefresh={refresh} />
        </div>
      </header>
      <PageNotices data={data} failure={failure} readAt={readAt} changes={changes} withWarnings={false} />
      <div className="bm-notices" aria-live="polite">
        {query.error !== null && (
          <Notice tone="bad" icon="alert">
            The budgets could not be read: {toRequestFailure(query.error).message}.
          </Notice>
        )}
        {query.data?.recordsAway === true && (
          <Notice tone="warn" icon="alert">
            The records of calls cannot be reached, so it is not known who spends.
          </Notice>
        )}
        {writtenOff !== null && (
          <Notice
            tone="good"
            icon="check"
            actions={
              <button
                type="button"
                className="bm-icon-button"
                aria-label="Dismiss the message"
                onClick={() => setWrittenOff(null)}
              >
                <Icon name="cross" />
              </button>
            }
          >
            {writtenOff}
          </Notice>
        )}
      </div>

      <section aria-labelledby="bm-budgets-title">
        <div className="bm-section-head">
          <h2 id="bm-budgets-title">Limits</h2>
          <p className="bm-note">
            Presumed: may have been spent, no provider has said. Held: reserved for calls under way. A paused rule goes
            on counting, and neither refuses nor warns.
            {query.data !== undefined &&
              query.data.total > query.data.windows.length &&
              ` The ${query.data.windows.length} most used of ${query.data.total} windows.`}
          </p>
        </div>
        {query.data === undefined ? (
          query.error === null && <div className="bm-bone bm-bone-table" />
        ) : (
          <RuleList
            rulesOfCode={query.data.rulesOfCode ?? NO_RULES}
            settings={editing.settings}
            saved={editing.base}
            providers={data.overview}
            formKey={storedKey(client.endpoint, "budget-form")}
            windows={query.data.windows}
            view={{
              spenders: query.data.spenders,
              open: budgets.open,
              hasRecords: query.data.spenders !== null,
              nameOf,
              onOpen: budgets.setOpen,
              onWriteOff(window) {
                writeOff.reset();
                setWritingOff(window);
              },
            }}
            onEdit={editing.edit}
          />
        )}
      </section>

      {query.data?.writeOffs != null && query.data.writeOffs.length > 0 && (
        <WriteOffList writeOffs={query.data.writeOffs} now={now} nameOf={nameOf} />
      )}

      <UnsavedChanges
        editing={editing}
        test={null}
        offline={offline}
        actor={data.actor}
        now={now}
        nameOf={nameOf}
        refresh={refresh}
      />
      {current !== null && (
        <WriteOffDialog
          key={current.key}
          window={current}
          running={writeOff.isPending}
          failure={writeOff.error === null ? null : toRequestFailure(writeOff.error)}
          onConfirm={(presumed, reason) => writeOff.mutate({ window: current, presumed, reason })}
          onClose={() => setWritingOff(null)}
        />
      )}
    </ReadOnlyContext.Provider>
  );
}
