import type { ArmFigure, ArmFigures, ExperimentReport } from "@babylon/admin-api/contract";
import { formatDuration, formatUsd } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import { Notice } from "../parts/notice.tsx";
import {
  describeExcluded,
  describeShadow,
  formatFigure,
  formatInterval,
  formatPercent,
  VERDICT_WORDS,
} from "../words/describe-experiment.ts";
import { formatCount } from "../words/format-count.ts";

interface ReportViewProps {
  readonly report: ExperimentReport;
  readonly figures: readonly ArmFigures[];
}

const NANO_PER_USD = 1e9;
const usd = (value: number) => formatUsd(Math.round(value * NANO_PER_USD));

/** A mean with its interval in the same unit; a dash where it is not known. */
function figureText(figure: ArmFigure | undefined, format: (value: number) => string): string {
  if (figure?.mean == null) return "–";
  const { mean, interval } = figure;
  // The end of a wide interval may be below 0, which no cost and no latency is.
  return interval === null
    ? format(mean)
    : `${format(mean)} (${format(Math.max(0, interval[0]))} to ${format(Math.max(0, interval[1]))})`;
}

const HEADS = [
  "Arm",
  "Units",
  "Calls",
  "Mean",
  "Difference",
  "Interval",
  "As served",
  "Better",
  "Cost a call",
  "Latency",
  "Fallbacks",
  "Unknown",
];

/** The verdict with its reason, the arms, guardrails and notes. */
export function ReportView({ report, figures }: ReportViewProps): ReactElement {
  const { verdict, why, units, calls, plannedUnits, srm, metric, guardrails, warnings } = report;
  const { title, tone } = VERDICT_WORDS[verdict];
  const excluded = describeExcluded(report.excluded);
  return (
    <div className="bm-stack">
      <Notice tone={tone} icon={tone === "bad" ? "alert" : "check"}>
        <strong>{title}.</strong> {why}
      </Notice>
      <p className="bm-note">
        {formatCount(units)} units{plannedUnits === null ? "" : ` of ${formatCount(plannedUnits)} planned`},{" "}
        {formatCount(calls)} calls. Metric: {metric}. Sample ratio: p = {formatFigure(srm.p)}
        {srm.ok ? "." : ", which is not a coincidence."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className="bm-card bm-scroll" aria-label="Arms" tabIndex={0}>
        <table className="bm-numbers">
          <thead>
            <tr>
              {HEADS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.arms.map((arm) => {
              const found = report.comparison.find((each) => each.arm === arm.id);
              const own = figures.find((each) => each.arm === arm.id);
              const served = report.served.comparison.find((each) => each.arm === arm.id);
              return (
                <tr key={arm.id} data-arm={arm.id}>
                  <th scope="row">
                    {arm.id}
                    {arm.isPaused && <span className="bm-tag">paused</span>}
                  </th>
                  <td>{formatCount(arm.units)}</td>
                  <td>{formatCount(arm.calls)}</td>
                  <td>{formatFigure(arm.mean)}</td>
                  <td>{found === undefined ? "control" : formatFigure(found.difference)}</td>
                  <td>{formatInterval(found === undefined ? arm.interval : found.interval)}</td>
                  <td>{formatFigure(served?.difference ?? null)}</td>
                  <td>{formatPercent(found?.probabilityBetter ?? null)}</td>
                  <td>{figureText(own?.costUsd, usd)}</td>
                  <td>{figureText(own?.latencyMs, formatDuration)}</td>
                  <td>{formatPercent(arm.fallbackRate)}</td>
                  <td>{formatPercent(arm.unknownShare)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {guardrails.map((rail) => (
        <p key={`${rail.metric} ${rail.arm}`} className="bm-note">
          Guardrail {rail.metric} of {rail.arm}: {rail.state}, worse by {formatFigure(rail.worse)} (
          {formatInterval(rail.interval)}
          ); {formatFigure(rail.worseBy)} is acceptable.
        </p>
      ))}
      {[...report.shadows.map(describeShadow), ...(excluded === null ? [] : [excluded]), ...warnings].map((text) => (
        <p key={text} className="bm-note">
          {text}
        </p>
      ))}
    </div>
  );
}
