import type { ReactElement } from "react";
import { TableCard } from "../parts/table-card.tsx";
import {
  describeDifferenceOf,
  describeProgress,
  EVALUATION_WORDS,
  JOB_WORDS,
  lastPart,
} from "../words/describe-tuning.ts";
import { formatCount } from "../words/format-count.ts";
import { formatAgo } from "../words/format-time.ts";
import { OpenLink } from "./open-link.tsx";
import { StateTag } from "./state-tag.tsx";
import { StepMeter } from "./step-meter.tsx";
import type { TuningContext } from "./tuning-context.ts";

const Empty = ({ text, command }: { readonly text: string; readonly command: string }): ReactElement => (
  <p className="bm-card bm-empty">
    {text} <code className="bm-break">{command}</code>
  </p>
);

/** The trainings, newest first. */
export function JobTable({ context }: { readonly context: TuningContext }): ReactElement {
  const { tuning, now } = context;
  if (tuning.jobs.length === 0) {
    return (
      <Empty
        text="No trainings yet. The next command:"
        command="babylon-llm tune start npc --dataset data/npc --base meta-llama/Llama-3.1-8B-Instruct"
      />
    );
  }
  return (
    <TableCard label="trainings" heads={["Model", "State", "Progress", "Base model", "Started"]} words>
      {tuning.jobs.map((job) => {
        const { label, tone } = JOB_WORDS[job.state];
        const progress = describeProgress(job, now);
        return (
          <tr key={job.id} data-job={job.id}>
            <th scope="row">
              <OpenLink context={context} to={["job", job.id]}>
                {job.name} <span className="bm-mono">{job.id}</span>
              </OpenLink>
            </th>
            <td>
              <StateTag label={label} tone={tone} />
            </td>
            <td>
              {job.state === "running" && <StepMeter job={job} text={progress} />}
              {progress}
            </td>
            <td>{job.baseModel}</td>
            <td>
              <time dateTime={new Date(job.createdAt).toISOString()}>{formatAgo(job.createdAt, now)}</time>
            </td>
          </tr>
        );
      })}
    </TableCard>
  );
}

/** The evaluations, newest first. */
export function EvaluationTable({ context }: { readonly context: TuningContext }): ReactElement {
  const { tuning, now } = context;
  if (tuning.evaluations.length === 0) {
    return (
      <Empty
        text="No evaluations yet. They compare a trained model with the chain:"
        command="babylon-llm tune evaluate"
      />
    );
  }
  return (
    <TableCard label="evaluations" heads={["Candidate", "Verdict", "Difference", "Examples", "When"]} words>
      {tuning.evaluations.map(({ id, report, job }) => {
        const { label, tone } = EVALUATION_WORDS[report.verdict];
        const [first] = Object.entries(report.scores);
        return (
          <tr key={id} data-evaluation={id}>
            <th scope="row">
              <OpenLink context={context} to={["evaluation", id]}>
                {tuning.jobs.find((each) => each.id === job)?.name ?? report.candidate.provider}{" "}
                <span className="bm-mono">{lastPart(report.candidate.model)}</span>
              </OpenLink>
            </th>
            <td>
              <StateTag label={label} tone={tone} />
            </td>
            <td>{first === undefined ? "–" : `${first[0]} ${describeDifferenceOf("score", first[1])}`}</td>
            <td>{formatCount(report.pairs)}</td>
            <td>
              <time dateTime={new Date(report.atEpochMs).toISOString()}>{formatAgo(report.atEpochMs, now)}</time>
            </td>
          </tr>
        );
      })}
    </TableCard>
  );
}

/** The datasets, newest first. */
export function DatasetTable({ context }: { readonly context: TuningContext }): ReactElement {
  const { tuning, now } = context;
  if (tuning.datasets.length === 0) {
    return (
      <Empty
        text="No datasets yet. They are made from recorded calls:"
        command="babylon-llm tune dataset data/npc --allow wandb,groq"
      />
    );
  }
  return (
    <TableCard label="datasets" heads={["Dataset", "Training", "Held out", "Of calls", "Tokens", "Providers", "Made"]}>
      {tuning.datasets.map(({ id, folder, at, seen, train, test, tokens, sources }) => (
        <tr key={id} data-dataset={id}>
          <th scope="row">
            <OpenLink context={context} to={["dataset", id]}>
              {lastPart(folder)} <span className="bm-mono">{id.slice(0, 8)}</span>
            </OpenLink>
          </th>
          <td>{formatCount(train)}</td>
          <td>{formatCount(test)}</td>
          <td>{formatCount(seen)}</td>
          <td>{tokens === null ? "unknown" : formatCount(tokens)}</td>
          <td>{Object.keys(sources).map(context.nameOf).join(", ")}</td>
          <td>
            <time dateTime={new Date(at).toISOString()}>{formatAgo(at, now)}</time>
          </td>
        </tr>
      ))}
    </TableCard>
  );
}
