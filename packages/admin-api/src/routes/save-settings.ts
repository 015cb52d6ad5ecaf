import { isRecord, type SystemSettings } from "@babylon/llm-core";
import { applySettingsPatch } from "@babylon/settings-store/patch";
import type { AdminContext, AdminRequest } from "../admin-context.ts";
import type { AdminSnapshot } from "../admin-shapes.ts";
import type { SavedData, SaveOptions, SettingsPatch } from "../contract.ts";
import { olderPutSchema, patchPutSchema, replacePutSchema } from "../contract-schema.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { writeSettings } from "../http/settings-failure.ts";
import { modelWarnings, type PlannedChange, planChange, refuseHarm } from "../settings/check-change.ts";
import { fromOlderPut, refuseOlderSwitch, toOlderSettings } from "../settings/older-settings.ts";
import { toReplacement } from "../settings/to-replacement.ts";

/** One change, whatever form it was sent in. */
interface Change extends SaveOptions {
  readonly expectedVersion?: number | undefined;
  /** The patch that makes the change, given the stored settings. */
  patchOf(settings: SystemSettings): SettingsPatch;
  /** The older body switches the older provider on, which requires its key. */
  readonly olderSwitch: boolean;
}

/** Checks the body: its names, fields and values. Its effect on the settings is checked where it is applied. */
function parseChange(body: unknown): Change {
  if (isRecord(body) && "settings" in body) {
    const { settings, ...options } = parseBody(replacePutSchema, body);
    return { ...options, patchOf: (stored) => toReplacement(settings, stored), olderSwitch: false };
  }
  if (isRecord(body) && "patch" in body) {
    const { patch, ...options } = parseBody(patchPutSchema, body);
    return { ...options, patchOf: () => patch, olderSwitch: false };
  }
  const older = parseBody(olderPutSchema, body);
  const { expectedVersion, force, reason, wandbEnabled } = older;
  const patch = fromOlderPut(older);
  return { expectedVersion, force, reason, patchOf: () => patch, olderSwitch: wandbEnabled === true };
}

/** The reply to a saved change. */
export async function toSavedData(
  context: AdminContext,
  { value, version, updatedAt, updatedBy }: AdminSnapshot,
  change: PlannedChange,
): Promise<SavedData> {
  const { plan } = change;
  const ofModels = await modelWarnings(context, change);
  return {
    ...toOlderSettings(value, plan),
    settings: value,
    version,
    updatedAt,
    updatedBy,
    activeProvider: plan.links[0]?.provider ?? null,
    warnings: [...new Set([...plan.warnings, ...ofModels])],
  };
}

/** `PUT`: changes the settings, in any of the three forms of body. */
export async function saveSettings(context: AdminContext, { request, actor }: AdminRequest): Promise<Response> {
  const { settings } = context;
  const { expectedVersion, force, reason, patchOf, olderSwitch } = parseChange(await readJsonBody(request, context));
  let planned: PlannedChange | undefined;

  /** Runs on the settings that the write is compared with, so that the checked change is the saved one. */
  async function checkAndPatch(stored: SystemSettings): Promise<SettingsPatch> {
    const patch = patchOf(stored);
    planned = await planChange(context, stored, applySettingsPatch(stored, patch));
    if (force === true) return patch;
    if (olderSwitch) refuseOlderSwitch(context, planned.plan);
    await refuseHarm(context, planned);
    return patch;
  }

  const { snapshot } = await writeSettings(settings, () =>
    settings.update(checkAndPatch, {
      actor,
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
      ...(reason === undefined ? {} : { reason }),
    }),
  );
  if (planned === undefined) throw new TypeError("the settings store saved a change without calling its function");
  const saved = await toSavedData(context, snapshot, planned);
  return toResponse(saved, "AI model configuration updated successfully");
}
