import * as v from "valibot";
import { type AdminContext, type AdminRequest, experimentsOf } from "../admin-context.ts";
import type { ExperimentData } from "../contract.ts";
import { experimentIn } from "../experiments/experiment-in.ts";
import { readReport } from "../experiments/experiments-failure.ts";
import { toResponse } from "../http/json-response.ts";
import { once, readQuery } from "../http/read-query.ts";
import { readSettings } from "../http/settings-failure.ts";

const paramsSchema = v.strictObject({
  as: v.optional(once(v.picklist(["assigned", "served"], "expected assigned or served"))),
});

/** `GET …/experiments/:id`: the settings and the report of an experiment. */
export async function showExperiment(context: AdminContext, { request, below }: AdminRequest): Promise<Response> {
  const experiments = experimentsOf(context);
  const { as } = readQuery(paramsSchema, request);
  const { value, version } = await readSettings(() => context.settings.get());
  const id = below ?? "";
  const settings = experimentIn(value, id);
  const report = await readReport(() => experiments.report(id, { as, settings: value }));
  const data: ExperimentData = { id, settings, version, report, now: context.clock.now() };
  return toResponse(data);
}
