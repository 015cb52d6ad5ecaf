import { requireNode } from "@babylon/llm-core";
import { withDeadline } from "@babylon/storage/time";
import { openBackend } from "./backend/open-backend.ts";
import type { OpenedBackend } from "./backend/open-context.ts";
import { invalidOption, isSettingsError, SettingsError } from "./errors/settings-error.ts";
import { type ResolvedOptions, resolveOptions, type SettingsStoreOptions } from "./options/store-options.ts";
import { listHistory, settingsAt } from "./record/history.ts";
import type { SettingsRecord } from "./record/settings-record.ts";
import { parsePatch, parseStoredSettings } from "./schema/parse-settings.ts";
import { applySettingsPatch } from "./schema/settings-patch.ts";
import type { SettingsStore, SettingsUpdate } from "./settings-store.ts";
import { createParts, type StoreParts } from "./store-parts.ts";
import { CallerError } from "./write/caller-error.ts";
import type { ComputeSettings } from "./write/writer.ts";

/**
 * Opens the settings that every process of a system shares. Changes made anywhere are readable here within milliseconds, and reads
 * cost nothing: they come from a frozen snapshot.
 *
 * Throws `invalid` for options and URLs, `unavailable` (a missing adapter package, a file that cannot be written, a server that
 * refuses), `timeout`, `corrupt`, `schema_too_new`, `incompatible_store` and `cas_unsupported`. With `startup: "lazy"` or `"defaults"`, or
 * where a last-known-good file helps out, a backend that is away is no reason to fail.
 */
export async function createSettingsStore(options: SettingsStoreOptions = {}): Promise<SettingsStore> {
  requireNode();
  const resolved = resolveOptions(options);
  const opened = await open(resolved);
  const parts = createParts(resolved, opened);
  try {
    await begin(resolved, parts);
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
    message: `${backend.location} has no compare-and-set that the store knows, so processes could lose each other's changes`,
  });
}

/** A look costs microseconds, and within this time a change is seen even where watching the directory does not work. */
const SQLITE_POLL_MS = 50;

async function begin({ startup, clock, loadTimeoutMs }: ResolvedOptions, parts: StoreParts): Promise<void> {
  const { listen, loader, cell, standIn, asDefaults } = parts;
  void listen();
  if (startup === "lazy") return;
  const onTimeout = () => new SettingsError({ code: "timeout", message: "the settings could not be loaded in time" });
  try {
    // The load alone would not keep the process alive.
    await withDeadline({ clock, limitMs: 2 * loadTimeoutMs, onTimeout }, () => loader.load());
  } catch (thrown) {
    const helped =
      (mayStandIn(thrown) && (await standIn())) || (startup === "defaults" && mayPass(thrown) && asDefaults());
    if (!helped) throw thrown;
    cell.serveStale();
  }
}

/** Whether an older record is better than none: not where the store was set up wrongly. */
function mayStandIn(thrown: unknown): boolean {
  return mayPass(thrown) || isSettingsError(thrown, "corrupt") || isSettingsError(thrown, "schema_too_new");
}

/** Whether waiting may be all it takes. */
function mayPass(thrown: unknown): boolean {
  return isSettingsError(thrown, "timeout") || (isSettingsError(thrown, "unavailable") && thrown.retryable);
}

function createFacade(parts: StoreParts): SettingsStore {
  const { reader, writer, cell, refresh, subscribers, status, assertOpen } = parts;

  /** What is stored now; what is held when the backend is away. */
  async function latestRecord(): Promise<SettingsRecord> {
    try {
      await reader.get({ fresh: true });
    } catch (thrown) {
      if (cell.held() === undefined || isSettingsError(thrown, "closed")) throw thrown;
    }
    const held = cell.held();
    if (held === undefined) throw new SettingsError({ code: "unavailable", message: "nothing was loaded" });
    return held.record;
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
      const held = cell.held();
      const unsubscribe = subscribers.add(listener);
      if (immediate && held !== undefined) subscribers.tellOne(listener, held);
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
        if (settings === undefined)
          throw invalidOption("version", `the history does not reach back to version ${version}`);
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
 * Two checks of one change, for every caller alike. The patch: it may name known fields only. The result: it is what is stored, on
 * settings that others may have changed meanwhile, and a patch that is right by itself can leave an agent in no valid form.
 */
function computeFrom(update: SettingsUpdate): ComputeSettings {
  if (typeof update !== "function") {
    const patch = parsePatch(update);
    return ({ settings }) => parseStoredSettings(applySettingsPatch(settings, patch));
  }
  return async ({ settings }) => {
    const patch = parsePatch(await callUpdate(update, settings));
    return parseStoredSettings(applySettingsPatch(settings, patch));
  };
}

async function callUpdate(
  update: Extract<SettingsUpdate, (...given: never[]) => unknown>,
  settings: SettingsRecord["settings"],
): Promise<unknown> {
  try {
    return await update(settings);
  } catch (thrown) {
    throw new CallerError(thrown);
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
