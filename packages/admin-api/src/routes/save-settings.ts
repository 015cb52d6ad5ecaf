import { isRecord, type SystemSettings } from "@babylon/llm-core";
import type { AdminContext, AdminRequest } from "../admin-context.ts";
import type { AdminSnapshot } from "../admin-shapes.ts";
import { doubtsOf, refuseHarm } from "../check-change.ts";
import type { SavedData, SaveOptions, SettingsPatch } from "../contract.ts";
import { olderPutSchema, patchPutSchema, replacePutSchema, storedSettingsSchema } from "../contract-schema.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { conflict, isConflict, readSettings, toSettingsFailure } from "../http/settings-failure.ts";
import { knownSettings } from "../known-settings.ts";
import { fromOlderPut, OLDER_PROVIDER, toOlderSettings } from "../older-settings.ts";
import { applySettingsPatch, diffSettings } from "../patch.ts";
import { refuseForeign } from "../refuse-foreign.ts";

/** Others may save between our look and our write this many times before the caller hears of it. */
const ROUNDS = 5;

/** One change, whatever form it was sent in. */
interface Change extends SaveOptions {
  readonly expectedVersion?: number | undefined;
  /** The patch that brings it about on given settings. */
  patchOf(settings: SystemSettings): SettingsPatch;
  /** The change switches the older provider on in the older way, which wants a key. */
  readonly olderSwitch: boolean;
}

function parseChange(body: unknown): Change {
  if (isRecord(body) && "settings" in body) {
    const { settings, ...options } = parseBody(replacePutSchema, body);
    const patchOf = (current: SystemSettings) => {
      refuseForeign(settings, current);
      return diffSettings(current, settings);
    };
    return { ...options, patchOf, olderSwitch: false };
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

async function refuseOlderSwitch({ llm }: AdminContext, settings: SystemSettings): Promise<void> {
  const { providers } = await llm.plan({ settings: knownSettings(settings) });
  if (providers.find(({ provider }) => provider === OLDER_PROVIDER)?.configured === true) return;
  const variable = llm.providers.find(({ id }) => id === OLDER_PROVIDER)?.envKey ?? "its key";
  throw new AdminError("missing_key", `Cannot enable ${OLDER_PROVIDER} without ${variable} environment variable`);
}

interface Saved {
  readonly before: SystemSettings;
  readonly after: AdminSnapshot;
}

async function attempt(context: AdminContext, actor: string, change: Change): Promise<Saved | "again"> {
  const { settings } = context;
  const { expectedVersion, force = false, reason } = change;
  const before = await readSettings(() => settings.get({ fresh: true }));
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw conflict(before);
  const patch = change.patchOf(before.value);
  const next = parseBody(storedSettingsSchema, applySettingsPatch(before.value, patch));
  if (!force) {
    if (change.olderSwitch) await refuseOlderSwitch(context, next);
    await refuseHarm(context, before.value, next);
  }
  try {
    await settings.update(patch, {
      actor,
      // What was checked is what is saved.
      ...(before.version === null ? {} : { expectedVersion: before.version }),
      ...(reason === undefined ? {} : { reason }),
    });
  } catch (thrown) {
    if (!isConflict(thrown)) throw toSettingsFailure(thrown);
    if (expectedVersion === undefined) return "again";
    throw conflict(await readSettings(() => settings.get({ fresh: true })));
  }
  return { before: before.value, after: await readSettings(() => settings.get()) };
}

/** What the caller is told of a saved change. */
export async function toSavedData(context: AdminContext, { before, after }: Saved): Promise<SavedData> {
  const plan = await context.llm.plan({ settings: knownSettings(after.value) });
  const doubts = await doubtsOf(context, before, after.value, plan);
  return {
    ...toOlderSettings(after.value, plan),
    settings: after.value,
    version: after.version,
    updatedAt: after.updatedAt,
    updatedBy: after.updatedBy,
    activeProvider: plan.links[0]?.provider ?? null,
    warnings: [...new Set([...plan.warnings, ...doubts])],
  };
}

/** `PUT`: changes the settings, in any of the three forms of body. */
export async function saveSettings(context: AdminContext, { request, actor }: AdminRequest): Promise<Response> {
  const change = parseChange(await readJsonBody(request, context));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const saved = await attempt(context, actor, change);
    if (saved !== "again") {
      return toResponse(await toSavedData(context, saved), "AI model configuration updated successfully");
    }
  }
  throw conflict(await readSettings(() => context.settings.get({ fresh: true })));
}
