import * as v from "valibot";
import { type AdminContext, type AdminRequest, experimentsOf } from "../admin-context.ts";
import type { ExperimentData } from "../contract.ts";
import { readFigures } from "../experiments/arm-figures.ts";
import { readCourse } from "../experiments/course.ts";
import { experimentIn } from "../experiments/experiment-in.ts";
import { readReport } from "../experiments/experiments-failure.ts";
import { toResponse } from "../http/json-response.ts";
import { once, readQuery } from "../http/read-query.ts";
import { readSettings } from "../http/settings-failure.ts";

const paramsSchema = v.strictObject({
  as: v.optional(once(v.picklist(["assigned", "served"], "expected assigned or served"))),
  course: v.optional(once(v.picklist(["true", "false"], "expected true or false"))),
});

/** `GET …/experiments/:id`: the settings and the report of an experiment, cost and latency of its arms, and earlier looks. */
export async function showExperiment(context: AdminContext, { request, below }: AdminRequest): Promise<Response> {
  const experiments = experimentsOf(context);
  const { as, course } = readQuery(paramsSchema, request);
  const { value, version } = await readSettings(() => context.settings.get());
  const id = below ?? "";
  const settings = experimentIn(value, id);
  const now = context.clock.now();
  const data = await readReport(async (): Promise<ExperimentData> => {
    const report = await experiments.report(id, { as, settings: value });
    return {
      id,
      settings,
      version,
      report,
      figures: await readFigures(experiments, value, id),
      course:
        course === "true"
          ? await readCourse((until) => experiments.report(id, { as, settings: value, until }), now)
          : null,
      now,
    };
  });
  return toResponse(data);
}
