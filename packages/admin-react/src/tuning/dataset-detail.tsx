import type { DatasetData, DatasetReport } from "@babylon/admin-api/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { type Fact, FactList } from "../calls/fact-list.tsx";
import { TableCard } from "../parts/table-card.tsx";
import { formatPercent } from "../words/describe-experiment.ts";
import { DROP_WORDS, JOB_WORDS, lastPart } from "../words/describe-tuning.ts";
import { formatCount } from "../words/format-count.ts";
import { formatAgo } from "../words/format-time.ts";
import { DetailHead } from "./detail-head.tsx";
import { OpenLink } from "./open-link.tsx";
import { StateTag } from "./state-tag.tsx";
import type { TuningContext } from "./tuning-context.ts";

const SIZE = new Intl.NumberFormat("en", { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 });
const BYTES_PER_KILOBYTE = 1_000;

const sizeOf = ({ bytes }: DatasetReport["train"]): string => SIZE.format(bytes / BYTES_PER_KILOBYTE);

const countsIn = (counts: Readonly<Record<string, number>>, nameOf: (name: string) => string = String): string =>
  Object.entries(counts)
    .map(([name, count]) => `${nameOf(name)} ${formatCount(count)}`)
    .join(", ") || "none";

function factsOf({ dataset, report }: DatasetData, { nameOf, now }: TuningContext): readonly Fact[] {
  const { train, test, groups, split, masked, tokens, allowSources } = report;
  return [
    ["Folder", <code key="folder">{dataset.folder}</code>],
    ["Made", formatAgo(dataset.at, now)],
    ["Training", `${formatCount(train.lines)} examples of ${formatCount(groups.train)} groups, ${sizeOf(train)}`],
    ["Held out", `${formatCount(test.lines)} examples of ${formatCount(groups.test)} groups, ${sizeOf(test)}`],
    ["Split", `${formatPercent(split.test)} held out, seed ${split.seed}`],
    ["Tokens", tokens === null ? "unknown" : formatCount(tokens)],
    ["Answered by", countsIn(report.sources, nameOf)],
    ["Allowed", allowSources.map(nameOf).join(", ")],
    ["Masked", countsIn(masked)],
    ["SHA-256 of the training data", <code key="sha256">{train.sha256}</code>],
  ];
}

function Dropped({ report }: { readonly report: DatasetReport }): ReactElement {
  // A newer version may count other reasons.
  const words: Readonly<Record<string, string>> = DROP_WORDS;
  const rows = Object.entries(report.dropped)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
  if (rows.length === 0) return <p className="bm-card bm-empty">Every call became an example.</p>;
  return (
    <TableCard label="calls that were left out" heads={["Reason", "Calls", "Share"]}>
      {rows.map(([reason, count]) => (
        <tr key={reason} data-reason={reason}>
          <th scope="row">{words[reason] ?? reason}</th>
          <td>{formatCount(count)}</td>
          <td>{formatPercent(count / Math.max(1, report.seen))}</td>
        </tr>
      ))}
    </TableCard>
  );
}

/** One dataset: what is in it, what was left out and why, and the trainings with it. */
export function DatasetDetail({ context, id }: { readonly context: TuningContext; readonly id: string }): ReactElement {
  const { client, queries } = context;
  const query = useQuery(
    {
      queryKey: ["tuning-dataset", client.endpoint, id],
      queryFn: ({ signal }) => client.dataset(id, signal),
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const { data } = query;
  return (
    <div className="bm-stack">
      <DetailHead
        context={context}
        title={data === undefined ? "Dataset" : `Dataset ${lastPart(data.dataset.folder)}`}
        what="The dataset"
        query={query}
      />
      {data === undefined ? (
        query.error === null && <div className="bm-bone bm-bone-table" />
      ) : (
        <>
          <div className="bm-card bm-call-facts">
            <FactList facts={factsOf(data, context)} />
          </div>
          <section aria-labelledby="bm-dropped-title">
            <div className="bm-section-head">
              <h2 id="bm-dropped-title">Left out</h2>
              <p className="bm-note">
                {formatCount(data.report.seen - data.report.kept)} of {formatCount(data.report.seen)} calls.
              </p>
            </div>
            <Dropped report={data.report} />
          </section>
          <section aria-labelledby="bm-dataset-jobs-title">
            <div className="bm-section-head">
              <h2 id="bm-dataset-jobs-title">Trainings</h2>
            </div>
            {data.jobs.length === 0 ? (
              <p className="bm-card bm-empty">
                None yet. The next command:{" "}
                <code className="bm-break">
                  babylon-llm tune start npc --dataset {data.dataset.folder} --base meta-llama/Llama-3.1-8B-Instruct
                </code>
              </p>
            ) : (
              <TableCard label="trainings" heads={["Model", "State", "Base model"]} words>
                {data.jobs.map((job) => (
                  <tr key={job.id}>
                    <th scope="row">
                      <OpenLink context={context} to={["job", job.id]}>
                        {job.name} <span className="bm-mono">{job.id}</span>
                      </OpenLink>
                    </th>
                    <td>
                      <StateTag {...JOB_WORDS[job.state]} />
                    </td>
                    <td>{job.baseModel}</td>
                  </tr>
                ))}
              </TableCard>
            )}
          </section>
        </>
      )}
    </div>
  );
}
