import type { JobData } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import { type Fact, FactList } from "../calls/fact-list.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Notice } from "../parts/notice.tsx";
import { TableCard } from "../parts/table-card.tsx";
import { formatFigure } from "../words/describe-experiment.ts";
import { describeCost } from "../words/describe-outcome.ts";
import { describeProgress, describeSilence, EVALUATION_WORDS, JOB_WORDS } from "../words/describe-tuning.ts";
import { formatCount } from "../words/format-count.ts";
import { formatAgo } from "../words/format-time.ts";
import { DecideStart } from "./decide-start.tsx";
import { DetailHead } from "./detail-head.tsx";
import { LossChart } from "./loss-chart.tsx";
import { OpenLink } from "./open-link.tsx";
import { StateTag } from "./state-tag.tsx";
import { StepMeter } from "./step-meter.tsx";
import type { TuningContext } from "./tuning-context.ts";
import { useJob } from "./use-job.ts";

const optional = (value: number | string | undefined): string | null => (value === undefined ? null : String(value));

function factsOf({ job, config, cost, costNote }: JobData, context: TuningContext): readonly Fact[] {
  const { nameOf, now } = context;
  return [
    ["Trainer", nameOf(job.trainer)],
    ["Base model", job.baseModel],
    [
      "Dataset",
      <OpenLink key="dataset" context={context} to={["dataset", job.dataset]}>
        {job.dataset.slice(0, 8)}
      </OpenLink>,
    ],
    ["Examples", formatCount(job.examples)],
    ["Epochs", optional(config.epochs)],
    ["Batch size", optional(config.batchSize)],
    ["Peak learning rate", optional(config.peakLearningRate)],
    [
      "Cost",
      <span key="cost">
        {describeCost(cost ?? undefined)}
        {costNote !== null && <span className="bm-note"> {costNote}</span>}
      </span>,
    ],
    ["Started", formatAgo(job.createdAt, now)],
    ["Job id at the trainer", job.jobId === null ? "unknown" : <code key="id">{job.jobId}</code>],
  ];
}

/** The models that came of a job, with what evaluations say about them. */
function Checkpoints({ context, data }: { readonly context: TuningContext; readonly data: JobData }): ReactElement {
  const { tuning, readOnly, onPromote } = context;
  const { job } = data;
  return (
    <section aria-labelledby="bm-checkpoints-title">
      <div className="bm-section-head">
        <h2 id="bm-checkpoints-title">Models</h2>
        {!tuning.evaluations.some((each) => each.job === job.id) && (
          <p className="bm-note">
            Not evaluated yet. The next command: <code className="bm-break">babylon-llm tune evaluate {job.id}</code>
          </p>
        )}
      </div>
      <TableCard label="models" heads={["Model", "Evaluation", "Metrics", "Change"]} words>
        {job.checkpoints.toReversed().map(({ step, model, metrics }) => {
          const evaluation = tuning.evaluations.find(({ report }) => report.candidate.model === model);
          const inUse = tuning.models.some((each) => each.model === model);
          return (
            <tr key={model} data-checkpoint={step}>
              <th scope="row">
                Step {formatCount(step)}
                <div className="bm-mono bm-model-id">{model}</div>
              </th>
              <td>
                {evaluation === undefined ? (
                  "none"
                ) : (
                  <OpenLink context={context} to={["evaluation", evaluation.id]}>
                    {EVALUATION_WORDS[evaluation.report.verdict].label}
                  </OpenLink>
                )}
              </td>
              <td>
                {Object.entries(metrics)
                  .map(([name, value]) => `${name} ${formatFigure(value)}`)
                  .join(", ") || "–"}
              </td>
              <td>
                {inUse ? (
                  <StateTag label="In the chain" tone="good" />
                ) : (
                  <ActionButton
                    className="bm-button"
                    aria-label={`Promote step ${step}…`}
                    blocked={readOnly}
                    onClick={() => onPromote(job.id, model)}
                  >
                    Promote…
                  </ActionButton>
                )}
              </td>
            </tr>
          );
        })}
      </TableCard>
    </section>
  );
}

/** One training: how far it is, its loss, and the models that came of it. */
export function JobDetail({ context, id }: { readonly context: TuningContext; readonly id: string }): ReactElement {
  const { client, queries, readOnly, nameOf, onRefresh } = context;
  const query = useJob(id, client, queries);
  const { data } = query;
  const job = data?.job;
  const now = data === undefined ? context.now : data.now + (Date.now() - query.dataUpdatedAt);
  const progress = job === undefined ? "" : describeProgress(job, now);
  const silence = job === undefined ? null : describeSilence(job, now);
  return (
    <div className="bm-stack">
      <DetailHead
        context={context}
        title={job === undefined ? "Training" : `Training of ${job.name}`}
        what="The training"
        query={query}
      >
        {job !== undefined && <StateTag {...JOB_WORDS[job.state]} />}
      </DetailHead>
      {data === undefined || job === undefined ? (
        query.error === null && <div className="bm-bone bm-bone-table" />
      ) : (
        <>
          {job.state === "failed" && (
            <Notice tone="bad" icon="alert">
              <strong>The training failed.</strong>{" "}
              <span className="bm-break">{job.reason ?? "The trainer gave no reason."}</span>
            </Notice>
          )}
          {silence !== null && (
            <Notice tone="warn" icon="alert">
              <span className="bm-break">{silence}</span>
            </Notice>
          )}
          {job.state === "start_unknown" && (
            <DecideStart
              job={job}
              client={client}
              queries={queries}
              readOnly={readOnly}
              nameOf={nameOf}
              onDecided={() => {
                void query.refetch();
                onRefresh();
              }}
            />
          )}
          {job.jobId !== null && (
            <section aria-labelledby="bm-progress-title">
              <div className="bm-section-head">
                <h2 id="bm-progress-title">Progress</h2>
              </div>
              <div className="bm-stack">
                {job.state === "running" && (
                  <div className="bm-card bm-training">
                    <StepMeter job={job} text={progress} />
                    <p data-progress>{progress}</p>
                  </div>
                )}
                <LossChart events={data.events} />
              </div>
            </section>
          )}
          {job.checkpoints.length > 0 && <Checkpoints context={context} data={data} />}
          <section aria-labelledby="bm-job-title">
            <div className="bm-section-head">
              <h2 id="bm-job-title">Settings of the training</h2>
            </div>
            <div className="bm-card bm-call-facts">
              <FactList facts={factsOf(data, { ...context, now })} />
            </div>
          </section>
        </>
      )}
    </div>
  );
}
