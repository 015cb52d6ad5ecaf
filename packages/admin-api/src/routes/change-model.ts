import type { SystemSettings } from "@babylon/llm-core";
import { applySettingsPatch } from "@babylon/settings-store/patch";
import type { JournalJob, TuningChange } from "@babylon/tuning/contract";
import { type AdminContext, type AdminRequest, tuningOf } from "../admin-context.ts";
import type { AdminModelCheck, AdminTuning } from "../admin-shapes.ts";
import type { PromoteBody } from "../contract.ts";
import { promoteSchema, rollBackSchema } from "../contract-schema.ts";
import { AdminError } from "../http/admin-error.ts";
import { invalidBody } from "../http/invalid-body.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { readSettings, writeSettings } from "../http/settings-failure.ts";
import { takePermit } from "../http/take-permit.ts";
import { type PlannedChange, planChange, refuseHarm } from "../settings/check-change.ts";
import { findJob } from "../tuning/find-job.ts";
import { withTuning } from "../tuning/tuning-failure.ts";
import { toSavedData } from "./save-settings.ts";

/** Makes a change of the settings through a tuning, with the checks of every other change, and returns the reply of `PUT`. */
async function changeModel(
  context: AdminContext,
  message: string,
  change: (check: AdminModelCheck) => Promise<unknown>,
): Promise<Response> {
  const { settings } = context;
  let planned: PlannedChange | undefined;
  async function check(stored: SystemSettings, patch: TuningChange): Promise<void> {
    planned = await planChange(context, stored, applySettingsPatch(stored, patch));
    await refuseHarm(context, planned);
  }
  await writeSettings(settings, () => withTuning(() => change(check)));
  if (planned === undefined) throw new TypeError("the tuning saved a change without its check");
  const snapshot = await readSettings(() => settings.get({ fresh: true }));
  return toResponse(await toSavedData(context, snapshot, planned), message);
}

/** `POST …/tuning/promote`: makes a model of a job the rule, by one change of the settings. Warms it up before. */
export async function promoteModel(context: AdminContext, { request, actor }: AdminRequest): Promise<Response> {
  const tuning = tuningOf(context);
  const body = parseBody(promoteSchema, await readJsonBody(request, context));
  const { force, agents, expectedVersion } = body;
  const job = await findJob(tuning, body.job);
  const model = modelOf(job, body);
  const report = await reportOf(tuning, body);
  // The warm-up is a call of a provider.
  takePermit(context.testLimit, "too many requests to providers in the last minute: try again later");
  const { name, trainer: provider, baseModel, datasetSha256 } = job;
  return changeModel(context, `Model ${name} was promoted`, (check) =>
    tuning.promote(
      { name, provider, model, baseModel, datasetSha256 },
      { actor, report, force, agents, expectedVersion, check, abortSignal: request.signal },
    ),
  );
}

function modelOf({ checkpoints }: JournalJob, { model }: PromoteBody): string {
  const found = model === undefined ? checkpoints.at(-1) : checkpoints.find((each) => each.model === model);
  if (found !== undefined) return found.model;
  throw invalidBody([{ path: "model", message: "expected a model of the job, which has ended" }]);
}

async function reportOf(tuning: AdminTuning, { evaluation: id }: PromoteBody) {
  if (id === undefined) return undefined;
  const found = await withTuning(() => tuning.history.evaluation(id));
  if (found === null) throw new AdminError("unknown_evaluation", "the journal has no such evaluation");
  return found.report;
}

/** `POST …/tuning/roll-back`: restores what a promotion has replaced, by one change of the settings. */
export async function rollBackModel(context: AdminContext, { request, actor }: AdminRequest): Promise<Response> {
  const tuning = tuningOf(context);
  const { name, expectedVersion, reason } = parseBody(rollBackSchema, await readJsonBody(request, context));
  return changeModel(context, `Model ${name} was rolled back`, (check) =>
    tuning.rollBack(name, { actor, expectedVersion, reason, check }),
  );
}
