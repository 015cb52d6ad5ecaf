import * as v from "valibot";
import { type AdminContext, type AdminRequest, experimentsOf } from "../admin-context.ts";
import type { ExperimentData } from "../contract.ts";
import { armFigures, FIGURES } from "../experiments/arm-figures.ts";
import { experimentIn } from "../experiments/experiment-in.ts";
import { readReport } from "../experiments/experiments-failure.ts";
import { viewParam } from "../experiments/view-param.ts";
import { toResponse } from "../http/json-response.ts";
import { readQuery } from "../http/read-query.ts";
import { readSettings } from "../http/settings-failure.ts";

const paramsSchema = v.strictObject({ as: viewParam });

/** `GET …/experiments/:id`: the settings and the report of an experiment, with the cost and the latency of its arms. */
export async function showExperiment(context: AdminContext, { request, below }: AdminRequest): Promise<Response> {
  const experiments = experimentsOf(context);
  const { as } = readQuery(paramsSchema, request);
  const { value, version } = await readSettings(() => context.settings.get());
  const id = below ?? "";
  const settings = experimentIn(value, id);
  const now = context.clock.now();
  const report = await readReport(() => experiments.report(id, { as, settings: value, figures: FIGURES }));
  const data: ExperimentData = { id, settings, version, report, figures: armFigures(report), now };
  return toResponse(data);
}
