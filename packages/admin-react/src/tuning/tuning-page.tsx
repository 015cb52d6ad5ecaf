import type { AdminData, SavedData } from "@babylon/admin-api/contract";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { RefreshButton } from "../parts/refresh-button.tsx";
import type { TabView } from "../usage/tab-view.ts";
import { DatasetDetail } from "./dataset-detail.tsx";
import { EvaluationDetail } from "./evaluation-detail.tsx";
import { JobDetail } from "./job-detail.tsx";
import { ModelsInUse } from "./models-in-use.tsx";
import { PromoteDialog } from "./promote-dialog.tsx";
import { RollBackDialog } from "./roll-back-dialog.tsx";
import type { TuningContext } from "./tuning-context.ts";
import { DatasetTable, EvaluationTable, JobTable } from "./tuning-lists.tsx";
import { useModelChange } from "./use-model-change.ts";

interface TuningPageProps {
  readonly data: AdminData;
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  nameOf(provider: string): string;
  onView(view: TabView, push?: boolean): void;
  onRefresh(): Promise<unknown>;
  readonly onSaved?: ((saved: SavedData) => void) | undefined;
}

const REFRESH_MS = 5_000;

const SECTIONS = [
  ["In use", "bm-tuned-title", ModelsInUse],
  ["Trainings", "bm-jobs-title", JobTable],
  ["Evaluations", "bm-evaluations-title", EvaluationTable],
  ["Datasets", "bm-datasets-title", DatasetTable],
] as const;

/** The lists, or the job, the dataset or the evaluation that is open. */
function content(context: TuningContext): ReactElement {
  const [kind, ...rest] = (context.view.tuning ?? "").split(":");
  const id = rest.join(":");
  if (kind === "job") return <JobDetail key={id} context={context} id={id} />;
  if (kind === "dataset") return <DatasetDetail key={id} context={context} id={id} />;
  if (kind === "evaluation") return <EvaluationDetail key={id} context={context} id={id} />;
  return (
    <>
      {SECTIONS.map(([title, id, Section]) => (
        <section key={id} aria-labelledby={id}>
          <div className="bm-section-head">
            <h2 id={id}>{title}</h2>
          </div>
          <Section context={context} />
        </section>
      ))}
    </>
  );
}

/** Fine-tuning: the models in use, trainings with their loss, evaluations, datasets; promotion and rollback. */
export function TuningPage(props: TuningPageProps): ReactElement {
  const { data, view, client, queries, nameOf, onView, onRefresh, onSaved } = props;
  const query = useQuery(
    {
      queryKey: ["tuning", client.endpoint],
      queryFn: ({ signal }) => client.tuning(signal),
      refetchInterval: REFRESH_MS,
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const refresh = () => {
    void query.refetch();
    void onRefresh();
  };
  const change = useModelChange(client, queries, (saved) => {
    refresh();
    if (saved !== null) onSaved?.(saved);
  });
  const { asked } = change;
  const tuning = query.data;
  const context: TuningContext | null =
    tuning === undefined
      ? null
      : {
          data,
          tuning,
          view,
          client,
          queries,
          now: tuning.now + (Date.now() - query.dataUpdatedAt),
          readOnly: !data.permissions.includes("write"),
          nameOf,
          onView,
          onRefresh: refresh,
          onPromote: (job, model) => change.ask({ kind: "promote", job, model }),
          onRollBack: (name) => change.ask({ kind: "roll-back", name }),
        };
  const job = asked?.kind === "promote" ? tuning?.jobs.find(({ id }) => id === asked.job) : undefined;
  const model = asked?.kind === "roll-back" ? tuning?.models.find(({ name }) => name === asked.name) : undefined;
  const version = data.version ?? undefined;
  const shared = { settings: data.settings, running: change.running, failure: change.failure, nameOf };

  return (
    <>
      {view.tuning === null && (
        <header className="bm-head-line">
          <h1 tabIndex={-1}>Tuning</h1>
          <div className="bm-head-actions">
            <RefreshButton busy={query.isFetching} onRefresh={refresh} />
          </div>
        </header>
      )}
      <div className="bm-notices" aria-live="polite">
        {query.error !== null && (
          <Notice tone="bad" icon="alert">
            The trainings could not be read: {toRequestFailure(query.error).message}.
          </Notice>
        )}
        {change.done !== null && (
          <Notice
            tone="good"
            icon="check"
            actions={
              <button
                type="button"
                className="bm-icon-button"
                aria-label="Dismiss the message"
                onClick={change.dismiss}
              >
                <Icon name="cross" />
              </button>
            }
          >
            {change.done}
          </Notice>
        )}
        {!data.permissions.includes("write") && (
          <Notice tone="neutral" icon="lock">
            Read-only. You need the permission to write to change anything.
          </Notice>
        )}
      </div>
      {context === null ? query.error === null && <div className="bm-bone bm-bone-table" /> : content(context)}
      {job !== undefined && asked?.kind === "promote" && (
        <PromoteDialog
          key={asked.model}
          job={job}
          model={asked.model}
          evaluations={tuning?.evaluations.filter(({ report }) => report.candidate.model === asked.model) ?? []}
          {...shared}
          onConfirm={(body) => change.promote({ ...body, expectedVersion: version }, job.name)}
          onClose={() => change.ask(null)}
        />
      )}
      {model !== undefined && (
        <RollBackDialog
          key={model.name}
          model={model}
          {...shared}
          onConfirm={(reason) =>
            change.rollBack({ name: model.name, expectedVersion: version, ...(reason === "" ? {} : { reason }) })
          }
          onClose={() => change.ask(null)}
        />
      )}
    </>
  );
}
