import * as v from "valibot";
import { type AdminContext, type AdminRequest, experimentsOf } from "../admin-context.ts";
import type { ExperimentCourse } from "../contract.ts";
import { lookTimes } from "../experiments/course.ts";
import { experimentIn } from "../experiments/experiment-in.ts";
import { readReport } from "../experiments/experiments-failure.ts";
import { viewParam } from "../experiments/view-param.ts";
import { toResponse } from "../http/json-response.ts";
import { readQuery } from "../http/read-query.ts";
import { readSettings } from "../http/settings-failure.ts";

const paramsSchema = v.strictObject({ as: viewParam });

/** `GET …/experiments/:id/course`: what earlier looks at the report of an experiment have shown. */
export async function showCourse(context: AdminContext, { request, below }: AdminRequest): Promise<Response> {
  const experiments = experimentsOf(context);
  const { as } = readQuery(paramsSchema, request);
  const { value } = await readSettings(() => context.settings.get());
  const id = below ?? "";
  experimentIn(value, id);
  const now = context.clock.now();
  const looks = await readReport(() => experiments.course(id, { as, settings: value, at: lookTimes(now) }));
  const first = looks.findIndex(({ units }) => units > 0);
  const data: ExperimentCourse = { id, looks: first === -1 ? [] : looks.slice(first), now };
  return toResponse(data);
}
