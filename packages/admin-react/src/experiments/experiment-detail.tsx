import type { ExperimentAction, ExperimentSettings } from "@babylon/admin-api/contract";
import { audienceText } from "@babylon/experiments/contract";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { AdminClient } from "../data/admin-client.ts";
import { toRequestFailure } from "../data/request-failure.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Notice } from "../parts/notice.tsx";
import { RefreshButton } from "../parts/refresh-button.tsx";
import { STATE_WORDS } from "../words/describe-experiment.ts";
import { CourseView } from "./course-view.tsx";
import { ReportView } from "./report-view.tsx";

interface ExperimentDetailProps {
  readonly id: string;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  readonly readOnly: boolean;
  /** The form, while this experiment is edited. */
  readonly editor: ReactElement | null;
  /** Another experiment is being edited or made. */
  readonly isBusy: boolean;
  onEdit(settings: ExperimentSettings): void;
  onChanged(): Promise<unknown>;
  onClose(): void;
}

const REFRESH_MS = 15_000;

/** One experiment: its report, and what can be done now. */
export function ExperimentDetail(props: ExperimentDetailProps): ReactElement {
  const { id, client, queries, readOnly, editor, isBusy, onEdit, onChanged, onClose } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = useQuery(
    {
      queryKey: ["experiment", client.endpoint, id],
      queryFn: ({ signal }) => client.experiment(id, signal),
      refetchInterval: REFRESH_MS,
      retry: false,
      networkMode: "always",
    },
    queries,
  );

  async function act(action: ExperimentAction): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      const expectedVersion = shown.data?.version ?? undefined;
      await client.changeExperiment(id, { ...action, expectedVersion });
      await Promise.all([shown.refetch(), onChanged()]);
    } catch (thrown) {
      setProblem(toRequestFailure(thrown).message);
      await shown.refetch();
    } finally {
      setBusy(false);
    }
  }

  const button = (label: string, action: ExperimentAction, strong = false) => (
    <ActionButton
      key={label}
      className={strong ? "bm-button bm-button-strong" : "bm-button"}
      blocked={busy || readOnly}
      onClick={() => void act(action)}
    >
      {label}
    </ActionButton>
  );
  const state = shown.data?.settings.state;
  const winner = shown.data?.report.winner ?? null;
  return (
    <div className="bm-stack">
      <header className="bm-head-line">
        <h1 tabIndex={-1} className="bm-break">
          Experiment {id}
        </h1>
        <div className="bm-head-actions">
          {state !== undefined && (
            <span className="bm-state" data-tone={STATE_WORDS[state].tone}>
              {STATE_WORDS[state].label}
            </span>
          )}
          <RefreshButton busy={shown.isFetching} onRefresh={() => void shown.refetch()} />
          <button type="button" className="bm-button" onClick={onClose}>
            All experiments
          </button>
        </div>
      </header>
      <div className="bm-notices" aria-live="polite">
        {problem !== null && (
          <Notice tone="bad" icon="alert">
            The change was not saved: {problem}.
          </Notice>
        )}
        {shown.error !== null && (
          <Notice tone="bad" icon="alert">
            The report could not be read: {toRequestFailure(shown.error).message}.
          </Notice>
        )}
      </div>
      {editor}
      {shown.data === undefined ? (
        shown.error === null && <div className="bm-bone bm-bone-table" />
      ) : (
        <>
          <p className="bm-note bm-break">Audience: {audienceText(shown.data.settings.audience)}.</p>
          {shown.data.report.arms.length === 1 ? (
            <Notice tone="neutral" icon="check">
              <strong>The rule for these calls.</strong> {shown.data.report.why}
            </Notice>
          ) : (
            <>
              <ReportView report={shown.data.report} figures={shown.data.figures} />
              <CourseView id={id} client={client} queries={queries} />
            </>
          )}
          <div className="bm-form-actions">
            {state !== "stopped" &&
              winner !== null &&
              button(`Promote ${winner}`, { action: "promote", arm: winner }, true)}
            {state !== "running" && button(state === "draft" ? "Start" : "Start again", { action: "start" })}
            {state === "running" && button("Pause", { action: "pause" })}
            {state !== "stopped" && state !== "draft" && button("Stop", { action: "stop" })}
            {state !== "stopped" && editor === null && (
              <ActionButton
                className="bm-button"
                blocked={busy || readOnly || isBusy}
                onClick={() => onEdit(shown.data.settings)}
              >
                Edit
              </ActionButton>
            )}
          </div>
          {isBusy && (
            <p className="bm-note">Another experiment is being filled in on this page: save or discard it first.</p>
          )}
        </>
      )}
    </div>
  );
}
