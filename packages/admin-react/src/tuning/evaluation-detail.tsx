import type { EvaluationData, EvaluationReport, PairedFigure } from "@babylon/admin-api/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { type Fact, FactList } from "../calls/fact-list.tsx";
import { IntervalBar } from "../experiments/interval-bar.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Notice } from "../parts/notice.tsx";
import { TableCard } from "../parts/table-card.tsx";
import { describeDifferenceOf, EVALUATION_WORDS, type FigureKind, formatScore } from "../words/describe-tuning.ts";
import { formatCount } from "../words/format-count.ts";
import { formatAgo } from "../words/format-time.ts";
import { DetailHead } from "./detail-head.tsx";
import { ExampleSection } from "./example-section.tsx";
import { OpenLink } from "./open-link.tsx";
import type { TuningContext } from "./tuning-context.ts";

/** The rows of the figures: the scorers first, which decide. */
function rowsOf({ scores, latencyMs, costUsd }: EvaluationReport): readonly [string, FigureKind, PairedFigure][] {
  return [
    ...Object.entries(scores).map(([name, figure]): [string, FigureKind, PairedFigure] => [name, "score", figure]),
    ["Latency", "ms", latencyMs],
    ["Cost", "usd", costUsd],
  ];
}

function Figures({ report }: { readonly report: EvaluationReport }): ReactElement {
  const rows = rowsOf(report);
  const ends = Object.values(report.scores).flatMap(({ interval }) => interval ?? []);
  const reach = Math.max(0.01, ...ends.map(Math.abs));
  return (
    <TableCard label="figures" heads={["Figure", "Candidate", "Baseline", "Difference", "Pairs", "Around 0"]}>
      {rows.map(([name, kind, figure]) => (
        <tr key={name} data-figure={name}>
          <th scope="row">{name}</th>
          <td>{formatScore(kind, figure.candidate)}</td>
          <td>{formatScore(kind, figure.baseline)}</td>
          <td>{describeDifferenceOf(kind, figure)}</td>
          <td>{formatCount(figure.pairs)}</td>
          <td>
            {kind === "score" && figure.interval !== null && (
              <IntervalBar difference={figure.difference} interval={figure.interval} reach={reach} />
            )}
          </td>
        </tr>
      ))}
    </TableCard>
  );
}

function factsOf({ evaluation }: EvaluationData, context: TuningContext): readonly Fact[] {
  const { report, job } = evaluation;
  const { candidate, baseline, failures } = report;
  const { nameOf, now } = context;
  return [
    [
      "Candidate",
      <span key="candidate">
        {nameOf(candidate.provider)}, <code>{candidate.model}</code>
      </span>,
    ],
    ["Baseline", baseline === "current" ? "the chain as it was" : `${nameOf(baseline.provider)}, ${baseline.model}`],
    ["Examples", formatCount(report.pairs)],
    ["Failed calls", `${failures.candidate} of the candidate, ${failures.baseline} of the baseline`],
    ["When", formatAgo(report.atEpochMs, now)],
    [
      "Training",
      job === null ? (
        "unknown"
      ) : (
        <OpenLink key="job" context={context} to={["job", job]}>
          {job}
        </OpenLink>
      ),
    ],
  ];
}

/** One evaluation: its verdict, the figures with their intervals, and examples with both answers. */
export function EvaluationDetail({
  context,
  id,
}: {
  readonly context: TuningContext;
  readonly id: string;
}): ReactElement {
  const { client, queries, tuning, readOnly, onPromote } = context;
  const query = useQuery(
    {
      queryKey: ["tuning-evaluation", client.endpoint, id],
      queryFn: ({ signal }) => client.evaluation(id, false, signal),
      retry: false,
      networkMode: "always",
    },
    queries,
  );
  const { data } = query;
  const evaluation = data?.evaluation;
  const name = tuning.jobs.find((each) => each.id === evaluation?.job)?.name;

  function promoteButton({ report, job }: EvaluationData["evaluation"]): ReactElement | null {
    const { model } = report.candidate;
    if (job === null || tuning.models.some((each) => each.model === model)) return null;
    return (
      <ActionButton
        className={report.verdict === "better" ? "bm-button bm-button-strong" : "bm-button"}
        blocked={readOnly}
        onClick={() => onPromote(job, model)}
      >
        Promote…
      </ActionButton>
    );
  }
  return (
    <div className="bm-stack">
      <DetailHead
        context={context}
        title={name === undefined ? "Evaluation" : `Evaluation of ${name}`}
        what="The evaluation"
        query={query}
      >
        {evaluation !== undefined && promoteButton(evaluation)}
      </DetailHead>
      {data === undefined || evaluation === undefined ? (
        query.error === null && <div className="bm-bone bm-bone-table" />
      ) : (
        <>
          <Verdict report={evaluation.report} />
          <Figures report={evaluation.report} />
          <p className="bm-note">
            Differences are candidate minus baseline, of the same examples, with intervals of 95 %. The first scorer
            decides, and no other may be worse; latency and cost do not decide.
          </p>
          <div className="bm-card bm-call-facts">
            <FactList facts={factsOf(data, context)} />
          </div>
          <section aria-labelledby="bm-examples-title">
            <div className="bm-section-head">
              <h2 id="bm-examples-title">Answers side by side</h2>
            </div>
            <ExampleSection key={id} data={data} client={client} queries={queries} />
          </section>
        </>
      )}
    </div>
  );
}

function Verdict({ report }: { readonly report: EvaluationReport }): ReactElement {
  const { label, tone } = EVALUATION_WORDS[report.verdict];
  return (
    <Notice tone={tone} icon={tone === "bad" ? "alert" : "check"}>
      <strong>{label}.</strong> {report.why}
    </Notice>
  );
}
