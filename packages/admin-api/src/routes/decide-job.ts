import { type AdminContext, type AdminRequest, tuningOf } from "../admin-context.ts";
import { jobActionSchema } from "../contract-schema.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { takePermit } from "../http/take-permit.ts";
import { findJob } from "../tuning/find-job.ts";
import { toJobData } from "../tuning/job-data.ts";
import { withTuning } from "../tuning/tuning-failure.ts";

/** `POST …/tuning/jobs/:id`: says what came of a start whose reply was lost. `not-started` starts the job. */
export async function decideJob(context: AdminContext, { request, actor, below }: AdminRequest): Promise<Response> {
  const tuning = tuningOf(context);
  const id = below ?? "";
  const body = parseBody(jobActionSchema, await readJsonBody(request, context));
  await findJob(tuning, id);
  takePermit(context.testLimit, "too many requests to providers in the last minute: try again later");
  const outcome = body.action === "started" ? { jobId: body.jobId } : "not-started";
  await withTuning(() => tuning.resolveStart(id, outcome));
  context.logger.info("the start of a training was resolved", {
    actor,
    job: id,
    outcome: body.action,
    jobId: body.action === "started" ? body.jobId : null,
  });
  const parts = { latest: null, events: [], after: 0, cost: null, costNote: null, now: context.clock.now() };
  return toResponse(toJobData({ job: await findJob(tuning, id), ...parts }), `The start of job ${id} is resolved`);
}
