import { EMPTY_SETTINGS, type SystemSettings } from "@babylon/llm-core";
import type { AdminContext, AdminRequest } from "../admin-context.ts";
import { rollbackBodySchema } from "../contract-schema.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { conflict, readSettings, writeSettings } from "../http/settings-failure.ts";
import { planChange, refuseHarm } from "../settings/check-change.ts";
import { toSavedData } from "./save-settings.ts";

async function settingsAt({ settings }: AdminContext, version: number): Promise<SystemSettings> {
  if (version === 0) return EMPTY_SETTINGS;
  const entries = await readSettings(() => settings.history());
  const entry = entries.find((each) => each.version === version);
  if (entry === undefined) throw new AdminError("unknown_version", `version ${version} is not in the history`);
  return entry.settings;
}

/** `POST …/rollback`: restores the settings of an earlier version as a new one. */
export async function rollBack(context: AdminContext, { request, actor }: AdminRequest): Promise<Response> {
  const { settings } = context;
  const {
    version,
    expectedVersion,
    force = false,
  } = parseBody(rollbackBodySchema, await readJsonBody(request, context));
  const before = await readSettings(() => settings.get({ fresh: true }));
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw conflict(before);
  const change = await planChange(context, before.value, await settingsAt(context, version));
  if (!force) await refuseHarm(context, change);
  const { snapshot } = await writeSettings(settings, () =>
    settings.rollback(version, {
      actor,
      // So that the checked change is the saved one.
      ...(before.version === null ? {} : { expectedVersion: before.version }),
    }),
  );
  return toResponse(await toSavedData(context, snapshot, change), `Restored the settings of version ${version}`);
}
