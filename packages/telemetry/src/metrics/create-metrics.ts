import type { Attempt, CallRecord } from "@babylon/llm-core";
import { checkMetricsOptions, NO_LABEL } from "./check-metrics-options.ts";
import type { CallSeries, Metrics, MetricsOptions } from "./metrics.ts";
import { addAttempt, copyAttemptSeries, openAttemptSeries } from "./open-attempt-series.ts";
import { createSeriesTable, OTHER_LABEL } from "./series-table.ts";

type Ending = Pick<CallSeries, "outcome" | "rescued">;
type OpenCallSeries = { -readonly [K in keyof CallSeries]: CallSeries[K] };

const hasFailed = ({ outcome }: Attempt): boolean => outcome === "failed";

/** Endings of calls as labels, so that a call finds its series by three labels. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  "success rescued": { outcome: "success", rescued: true },
  success: { outcome: "success", rescued: false },
  failed: { outcome: "failed", rescued: false },
  aborted: { outcome: "aborted", rescued: false },
  interrupted: { outcome: "interrupted", rescued: false },
};

/** The series of the rest: one of attempts, and one of calls for each ending. */
const RESTS = 1 + Object.keys(ENDINGS).length;

function endingOf({ outcome, attempts }: CallRecord): string {
  return outcome === "success" && attempts.some(hasFailed) ? "success rescued" : outcome;
}

function openCallSeries(agent: string, provider: string, ending: string): OpenCallSeries {
  const { outcome, rescued } = ENDINGS[ending] ?? { outcome: "failed", rescued: false };
  return { agent, provider, outcome, rescued, count: 0 };
}

/**
 * Creates metrics that count the calls of this process: attempts, tokens, costs and latency by provider, model and agent. About 2 KB for
 * each series, whatever the number of calls.
 *
 * Throws `invalid_input` for invalid options.
 */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { agents, maxSeries } = checkMetricsOptions(options);
  const room = { left: maxSeries - RESTS };
  const attempts = createSeriesTable(room, openAttemptSeries, () => OTHER_LABEL);
  const calls = createSeriesTable(room, openCallSeries, (ending) => ending);

  return {
    recorder(record) {
      const agent = labelOf(agents, record.agent);
      for (const attempt of record.attempts) addAttempt(attempts.of(attempt.provider, attempt.model, agent), attempt);
      calls.of(agent, record.provider ?? NO_LABEL, endingOf(record)).count += 1;
    },
    snapshot: () => ({
      attempts: Array.from(attempts.values(), copyAttemptSeries),
      calls: Array.from(calls.values(), (series) => ({ ...series })),
      overflow: { attempts: attempts.overflowed, calls: calls.overflowed },
    }),
  };
}

function labelOf(agents: ReadonlySet<string>, agent: string | null): string {
  if (agent === null) return NO_LABEL;
  return agents.has(agent) ? agent : OTHER_LABEL;
}
