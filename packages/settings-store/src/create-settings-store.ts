import { requireNode, type SystemSettings } from "@babylon/llm-core";
import { withDeadline } from "@babylon/storage/time";
import { openBackend } from "./backend/open-backend.ts";
import type { OpenedBackend } from "./backend/open-context.ts";
import { invalidOption, isSettingsError, SettingsError } from "./errors/settings-error.ts";
import { type ResolvedOptions, resolveOptions, type SettingsStoreOptions } from "./options/store-options.ts";
import { listHistory, settingsAt } from "./record/history.ts";
import type { SettingsRecord } from "./record/settings-record.ts";
import { changeExperiments } from "./schema/change-experiments.ts";
import { parsePatch, parseStoredSettings } from "./schema/parse-settings.ts";
import { applySettingsPatch, type SettingsPatch } from "./schema/settings-patch.ts";
import type { SettingsStore, SettingsUpdate } from "./settings-store.ts";
import { createParts, type StoreParts } from "./store-parts.ts";
import { CallerError } from "./write/caller-error.ts";
import type { ComputeSettings } from "./write/writer.ts";

/**
 * Opens the settings that all processes of a system share. Reads return a frozen snapshot from memory; changes of any process are
 * loaded within milliseconds where the backend announces them.
 *
 * Throws `invalid` for options and URLs, `unavailable` (a missing driver package, a file that cannot be written, a server that rejects the
 * connection), `timeout`, `corrupt`, `schema_too_new`, `incompatible_store` and `cas_unsupported`. An unavailable backend is not an error
 * with `startup: "lazy"` or `"defaults"`, or with a last-known-good file.
 */
export async function createSettingsStore(options: SettingsStoreOptions = {}): Promise<SettingsStore> {
  requireNode();
  const resolved = resolveOptions(options);
  const opened = await open(resolved);
  const parts = createParts(resolved, opened);
  try {
    await firstLoad(resolved, parts);
  } catch (thrown) {
    await parts.close();
    throw thrown;
  }
  return createFacade(parts);
}

async function open(options: ResolvedOptions): Promise<OpenedBackend> {
  const { url, keyv, env, key, table, clock, random, importPackage, requireCas } = options;
  const choice = { url, keyv, env, workingDirectory: process.cwd() };
  const limitMs = Math.max(options.loadTimeoutMs, options.writeTimeoutMs);
  const sqlitePollMs = options.pollMs ?? SQLITE_POLL_MS;
  const opened = await openBackend(choice, { key, table, clock, random, importPackage, limitMs, sqlitePollMs });
  const { backend } = opened;
  if (!requireCas || backend.cas !== "none") return opened;
  await backend.close();
  throw new SettingsError({
    code: "cas_unsupported",
    message: `${backend.location} has no supported compare-and-set, so concurrent updates of several processes could be lost`,
  });
}

/** A poll costs microseconds; this interval bounds the delay of a change where watching the directory does not work. */
const SQLITE_POLL_MS = 50;

async function firstLoad({ startup, clock, loadTimeoutMs }: ResolvedOptions, parts: StoreParts): Promise<void> {
  const { startListening, loader, cache } = parts;
  void startListening();
  if (startup === "lazy") return;
  const onTimeout = () => new SettingsError({ code: "timeout", message: "the settings could not be loaded in time" });
  try {
    // The timer of the deadline keeps the process alive; a load does not.
    await withDeadline({ clock, limitMs: 2 * loadTimeoutMs, onTimeout }, () => loader.load());
  } catch (thrown) {
    if (!(await useFallback(startup, parts, thrown))) throw thrown;
    cache.serveStale();
  }
}

/** Caches a fallback after a failed first load: the last known good record, else the defaults if `startup` allows that. */
async function useFallback(
  startup: ResolvedOptions["startup"],
  { useLastKnownGood, useDefaults }: StoreParts,
  thrown: unknown,
): Promise<boolean> {
  if (allowsFallback(thrown) && (await useLastKnownGood())) return true;
  if (startup !== "defaults" || !isTransient(thrown)) return false;
  useDefaults();
  return true;
}

/** Whether an older record may be used after this error: not after an error of configuration. */
function allowsFallback(thrown: unknown): boolean {
  return isTransient(thrown) || isSettingsError(thrown, "corrupt") || isSettingsError(thrown, "schema_too_new");
}

/** Whether a retry may succeed. */
function isTransient(thrown: unknown): boolean {
  return isSettingsError(thrown, "timeout") || (isSettingsError(thrown, "unavailable") && thrown.retryable);
}

function createFacade(parts: StoreParts): SettingsStore {
  const { reader, writer, cache, refresh, subscribers, status, assertOpen } = parts;

  /** The stored record; the cached one when the backend is unavailable. */
  async function latestRecord(): Promise<SettingsRecord> {
    try {
      await reader.get({ fresh: true });
    } catch (thrown) {
      if (cache.current() === undefined || isSettingsError(thrown, "closed")) throw thrown;
    }
    const cached = cache.current();
    if (cached === undefined) throw new SettingsError({ code: "unavailable", message: "nothing was loaded" });
    return cached.record;
  }

  const close = once(async () => {
    await parts.close();
  });

  return {
    peek: reader.peek,
    get: reader.get,
    async update(update, options = {}) {
      assertOpen();
      return writer.write(computeFrom(update), options);
    },
    subscribe(listener, { immediate = false } = {}) {
      assertOpen();
      const cached = cache.current();
      const unsubscribe = subscribers.add(listener);
      if (immediate && cached !== undefined) subscribers.notifyOne(listener, cached);
      return unsubscribe;
    },
    async history({ limit } = {}) {
      assertOpen();
      if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1)) {
        throw invalidOption("limit", "expected a whole number, 1 or more");
      }
      return listHistory(await latestRecord(), limit);
    },
    async rollback(version, options = {}) {
      assertOpen();
      const compute: ComputeSettings = async (record) => {
        const settings = await settingsAt(record, version);
        if (settings === undefined) throw invalidOption("version", `the history does not contain version ${version}`);
        return settings;
      };
      return writer.write(compute, { ...options, reason: options.reason ?? `rollback to version ${version}` });
    },
    async reconcile(writeId) {
      assertOpen();
      return writer.reconcile(writeId);
    },
    invalidate() {
      refresh.invalidate();
    },
    status,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * A change is checked twice: the patch may name known fields only, and the resulting settings must be valid, because a valid patch can
 * leave an agent invalid when another writer changed the settings in the meantime.
 */
function computeFrom(update: SettingsUpdate): ComputeSettings {
  if (typeof update !== "function") {
    const patch = parsePatch(update);
    return ({ settings }) => changed(settings, patch);
  }
  return async ({ settings }) => {
    const patch = parsePatch(await callUpdate(update, settings));
    return changed(settings, patch);
  };
}

const changed = (settings: SystemSettings, patch: SettingsPatch): SystemSettings =>
  changeExperiments(settings, parseStoredSettings(applySettingsPatch(settings, patch)));

async function callUpdate(
  update: Extract<SettingsUpdate, (...args: never[]) => unknown>,
  settings: SettingsRecord["settings"],
): Promise<unknown> {
  try {
    return await update(settings);
  } catch (thrown) {
    throw new CallerError(thrown);
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
