import { type AdminContext, tuningOf } from "../admin-context.ts";
import type { TuningData } from "../contract.ts";
import { toResponse } from "../http/json-response.ts";
import { readSettings } from "../http/settings-failure.ts";
import { toDatasetSummary, toEvaluationSummary, toJobSummary } from "../tuning/summaries.ts";
import { canaryStates, tunedStates } from "../tuning/tuned-states.ts";
import { withTuning } from "../tuning/tuning-failure.ts";

const MAX_ENTRIES = 100;

/** `GET …/tuning`: datasets, jobs, evaluations, and the tuned models of the settings. */
export async function listTuning(context: AdminContext): Promise<Response> {
  const tuning = tuningOf(context);
  const { value, version } = await readSettings(() => context.settings.get());
  const data = await withTuning(async (): Promise<TuningData> => {
    const { history } = tuning;
    const [jobs, datasets, evaluations, promotions] = await Promise.all([
      tuning.jobs(),
      history.datasets(),
      history.evaluations(),
      history.allPromotions(),
    ]);
    const listed = jobs.slice(0, MAX_ENTRIES);
    return {
      datasets: datasets.slice(0, MAX_ENTRIES).map(toDatasetSummary),
      jobs: await Promise.all(listed.map(async (job) => toJobSummary(job, await history.latestEvent(job.id)))),
      evaluations: evaluations.slice(0, MAX_ENTRIES).map((each) => toEvaluationSummary(each, jobs)),
      models: tunedStates(value, promotions),
      canaries: canaryStates(value),
      version,
      now: context.clock.now(),
    };
  });
  return toResponse(data);
}
