import { type Clock, type ExperimentSettings, invalidInput, type SystemSettings } from "@babylon/llm-core";
import type { Experiments, ReportOptions } from "../experiments.ts";
import { type MetricDefinition, sourceOf } from "../metrics/metric.ts";
import { type ExperimentRows, type MetricSource, RECORD_METRICS, type RowsQuery } from "../rows/experiment-rows.ts";
import type { RowWriter } from "../rows/row-writer.ts";
import { type ExperimentsSettings, experimentOf, settingsIn } from "../settings/experiments-settings.ts";
import { addUnits } from "./arm-totals.ts";
import { addCourse } from "./course-totals.ts";
import { isQuantileGuardrail, quantileMetrics, quantileSources } from "./quantile-guardrail.ts";
import { toCourse } from "./to-course.ts";
import { toReport } from "./to-report.ts";

/** What reports are made with. */
export interface ReportingOptions {
  readonly rows: ExperimentRows;
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
  readonly settings: ExperimentsSettings | undefined;
  readonly writer: Pick<RowWriter, "flush" | "lost">;
  readonly clock: Clock;
}

function checkView(as: unknown): void {
  if (as !== "assigned" && as !== "served") throw invalidInput("as", '"assigned" or "served"');
}

/** The control's quantiles of the guardrails that are about one, with what is compared. */
async function quantileValues(rows: ExperimentRows, query: RowsQuery, { arms, guardrails = [] }: ExperimentSettings) {
  const control = arms.find(({ shadow }) => shadow !== true);
  const found = [];
  for (const guardrail of guardrails.filter(isQuantileGuardrail)) {
    const { metric, quantile } = guardrail;
    const value = control === undefined ? null : await rows.quantile(query, { arm: control.id, metric, quantile });
    found.push({ name: quantileMetrics(guardrail)[0], value, sources: quantileSources(guardrail, value) });
  }
  return found;
}

/** Creates the reports of experiments: rows are read, and everything else is computed. */
export function createReporting({
  rows,
  metrics,
  settings,
  writer,
  clock,
}: ReportingOptions): Pick<Experiments, "report" | "course"> {
  async function currentSettings({ settings: given }: Pick<ReportOptions, "settings">): Promise<SystemSettings> {
    if (given !== undefined) return settingsIn(given);
    if (settings === undefined)
      throw invalidInput("settings", "settings, in the options of the report or of the experiments");
    return (settings.peek?.() ?? (await settings.get())).value;
  }

  return {
    async report(id, options = {}) {
      const { as = "assigned", until, figures = [] } = options;
      checkView(as);
      if (until !== undefined && !Number.isSafeInteger(until)) throw invalidInput("until", "epoch milliseconds");
      const experiment = experimentOf(await currentSettings(options), id);
      await writer.flush();
      const hasShadows = experiment.arms.some(({ shadow }) => shadow === true);
      const judged = Object.keys(metrics).filter((name) => metrics[name]?.judge !== null);
      const ofGuardrails = (experiment.guardrails ?? []).map(({ metric }) => metric);
      const names = [...new Set([experiment.metric, ...ofGuardrails, ...figures])];
      const query = {
        experiment: id,
        version: experiment.version ?? 1,
        metrics: [] as readonly MetricSource[],
        now: Math.min(clock.now(), until ?? Number.POSITIVE_INFINITY),
        until,
      };
      const quantiles = await quantileValues(rows, query, experiment);
      const further = quantiles.flatMap(({ sources }) => sources);
      const sumsQuery = {
        ...query,
        metrics: [...names.map((name) => sourceOf(name, metrics)), ...further.map(([, source]) => source)],
      };
      const metricNames = [...names, ...further.map(([name]) => name)];
      const shadowNames = [...new Set([...names, ...RECORD_METRICS, ...judged])];
      const shadowQuery = { ...query, metrics: shadowNames.map((name) => sourceOf(name, metrics)) };
      return toReport({
        id,
        settings: experiment,
        metrics: metricNames,
        figures,
        shadowMetrics: shadowNames,
        judged,
        totals: await addUnits(rows.unitSums(sumsQuery), metricNames.length),
        excluded: await rows.excluded(query),
        shadows: hasShadows ? await rows.shadowSums(shadowQuery) : [],
        lost: writer.lost,
        as,
        quantiles: new Map(quantiles.map(({ name, value }) => [name, value])),
      });
    },
    async course(id, { at, as = "assigned", settings: given }) {
      checkView(as);
      const isAscending = at.every((look, index) => Number.isSafeInteger(look) && look > (at[index - 1] ?? -1));
      if (!isAscending) throw invalidInput("at", "moments in epoch milliseconds, the earliest first");
      const experiment = experimentOf(await currentSettings({ settings: given }), id);
      await writer.flush();
      const query = {
        experiment: id,
        version: experiment.version ?? 1,
        metrics: [sourceOf(experiment.metric, metrics)],
        now: clock.now(),
      };
      return toCourse(experiment, at, await addCourse(rows.unitCalls(query), at, as));
    },
  };
}
