import * as v from "valibot";
import { type AdminContext, type AdminRequest, tuningOf } from "../admin-context.ts";
import { toResponse } from "../http/json-response.ts";
import { once, readQuery, wholeNumber } from "../http/read-query.ts";
import { findJob } from "../tuning/find-job.ts";
import { toJobData } from "../tuning/job-data.ts";
import { readCost } from "../tuning/read-cost.ts";
import { withTuning } from "../tuning/tuning-failure.ts";

const MAX_EVENTS = 1_000;

const paramsSchema = v.strictObject(
  { after: v.optional(once(wholeNumber(0, 999_999_999))), limit: v.optional(once(wholeNumber(1, MAX_EVENTS))) },
  "unknown parameter",
);

/** `GET …/tuning/jobs/:id?after=&limit=`: a job with its events after a cursor, so that its loss can be followed. */
export async function showJob(context: AdminContext, { request, below }: AdminRequest): Promise<Response> {
  const tuning = tuningOf(context);
  const { after = 0, limit = MAX_EVENTS } = readQuery(paramsSchema, request);
  const id = below ?? "";
  // The events first: a state that is newer than they are is corrected by the next read.
  const events = await withTuning(() => tuning.history.events(id, after, limit));
  const latest = await withTuning(() => tuning.history.latestEvent(id));
  const job = await findJob(tuning, id);
  const cost = await readCost(tuning, job, context.logger, request.signal);
  return toResponse(toJobData({ job, latest, events, after, now: context.clock.now(), ...cost }));
}
