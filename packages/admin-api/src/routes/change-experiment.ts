import type { SystemSettings } from "@babylon/llm-core";
import { applySettingsPatch } from "@babylon/settings-store/patch";
import type { AdminContext, AdminRequest } from "../admin-context.ts";
import type { SettingsPatch } from "../contract.ts";
import { experimentActionSchema } from "../contract-schema.ts";
import { actionPatch } from "../experiments/action-patch.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { writeSettings } from "../http/settings-failure.ts";
import { type PlannedChange, planChange, refuseHarm } from "../settings/check-change.ts";
import { toSavedData } from "./save-settings.ts";

/** `POST …/experiments/:id`: starts, pauses or stops an experiment, or promotes an arm, by one change of the settings. */
export async function changeExperiment(
  context: AdminContext,
  { request, actor, below }: AdminRequest,
): Promise<Response> {
  const { settings } = context;
  const id = below ?? "";
  const body = parseBody(experimentActionSchema, await readJsonBody(request, context));
  const {
    action,
    arm,
    expectedVersion,
    reason = `${action} ${[id, ...(arm === undefined ? [] : [arm])].join(" ")}`,
  } = body;
  let planned: PlannedChange | undefined;

  async function checkAndPatch(stored: SystemSettings): Promise<SettingsPatch> {
    const patch = actionPatch(stored, id, body);
    planned = await planChange(context, stored, applySettingsPatch(stored, patch));
    await refuseHarm(context, planned);
    return patch;
  }

  const { snapshot } = await writeSettings(settings, () =>
    settings.update(checkAndPatch, { actor, reason, ...(expectedVersion === undefined ? {} : { expectedVersion }) }),
  );
  if (planned === undefined) throw new TypeError("the settings store saved a change without calling its function");
  return toResponse(await toSavedData(context, snapshot, planned), `Experiment ${id}: ${action}`);
}
