import { type AdminContext, type AdminRequest, tuningOf } from "../admin-context.ts";
import type { DatasetData } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { toDatasetSummary, toJobSummary } from "../tuning/summaries.ts";
import { withTuning } from "../tuning/tuning-failure.ts";

/** `GET …/tuning/datasets/:id`: the report of a dataset, and the jobs that were started with it. */
export async function showDataset(context: AdminContext, { below }: AdminRequest): Promise<Response> {
  const tuning = tuningOf(context);
  const data = await withTuning(async (): Promise<DatasetData> => {
    const dataset = (await tuning.history.datasets()).find(({ report }) => report.train.sha256 === below);
    if (dataset === undefined) throw new AdminError("unknown_dataset", "the journal has no such dataset");
    const jobs = (await tuning.jobs()).filter(({ datasetSha256 }) => datasetSha256 === below);
    return {
      dataset: toDatasetSummary(dataset),
      report: dataset.report,
      jobs: jobs.map((job) => toJobSummary(job, null)),
    };
  });
  return toResponse(data);
}
