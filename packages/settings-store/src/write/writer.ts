import type { Clock, SystemSettings } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { pause, withDeadline } from "@babylon/storage/time";
import type { RawPort } from "../backend/backend.ts";
import { encodeBusMessage } from "../bus/bus-message.ts";
import { invalidOption, SettingsError } from "../errors/settings-error.ts";
import type { ToSettingsError } from "../errors/to-settings-error.ts";
import { checkUpdateOptions, type UpdateOptions } from "../options/update-options.ts";
import type { Refresh } from "../read/refresh.ts";
import type { StoreSnapshot } from "../read/snapshot.ts";
import type { CachedSnapshot, SnapshotCache } from "../read/snapshot-cache.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { findWrite, type WriteOutcome } from "../record/find-write.ts";
import { encodeRecord, MAX_RECORD_CHARACTERS, nextRecord } from "../record/next-record.ts";
import type { SettingsRecord } from "../record/settings-record.ts";
import { createWriteId, versionOfWriteId } from "../record/write-id.ts";
import { isEqual } from "../schema/merge-patch.ts";
import { changedKeys, type SettingsKey } from "../status/subscribers.ts";
import { CallerError } from "./caller-error.ts";
import { type UpdateDeadline, withUpdateDeadline } from "./update-deadline.ts";

/** The result of an update. */
export interface UpdateResult {
  readonly snapshot: StoreSnapshot;
  /** The top-level fields that changed. */
  readonly changed: readonly SettingsKey[];
  /** `false`: the update changed nothing, and nothing was written. */
  readonly committed: boolean;
}

/** The outcome of a write that failed with `write_unknown`. */
export interface ReconcileResult {
  /** `null`: not applied yet, but it still may be. */
  readonly committed: boolean | null;
  /** The stored version. */
  readonly version: number;
}

/** Computes the new settings from the stored record. Called again when another writer committed first. */
export type ComputeSettings = (base: SettingsRecord) => SystemSettings | Promise<SystemSettings>;

/** Input of {@link createWriter}. */
export interface WriterOptions {
  readonly read: () => Promise<string | undefined>;
  readonly port: RawPort;
  readonly cache: SnapshotCache;
  readonly refresh: Refresh;
  readonly empty: SettingsRecord;
  readonly clock: Clock;
  readonly random: () => number;
  readonly writeTimeoutMs: number;
  readonly updateTimeoutMs: number;
  readonly historyLimit: number;
  /** The id of this store in messages. */
  readonly origin: string;
  readonly toError: ToSettingsError;
}

/** Changes the settings. Updates of one store run one at a time, in order. */
export interface Writer {
  write(compute: ComputeSettings, options: UpdateOptions): Promise<UpdateResult>;
  reconcile(writeId: string): Promise<ReconcileResult>;
  /** Resolves when no update is queued or in flight. */
  idle(): Promise<void>;
}

const DEFAULT_RETRIES = 100;
const MAX_PAUSE_MS = 50;

/** The stored text, and the record that a change is based on: the stored one, or the cached one if the backend lost its data. */
interface WriteBase {
  readonly raw: string | undefined;
  readonly record: SettingsRecord;
}

/** A write of this process and the record that it was based on. */
interface SentWrite {
  readonly before: SettingsRecord;
  readonly record: SettingsRecord;
}

export function createWriter(options: WriterOptions): Writer {
  const { read, port, cache, refresh, empty, clock, random, toError } = options;
  let last: Promise<unknown> = Promise.resolve();

  async function readBase(): Promise<WriteBase> {
    const raw = await read();
    if (raw !== undefined) {
      const record = decodeRecord(raw);
      refresh.offer(record);
      return { raw, record };
    }
    const cached = cache.current();
    return { raw, record: cached === undefined || cached.source === "defaults" ? empty : cached.record };
  }

  /** @param rejected - the previous write of this update, which the backend reported as not applied */
  async function attempt(
    compute: ComputeSettings,
    { actor, reason, expectedVersion }: UpdateOptions,
    { deadline, rejected }: { readonly deadline: UpdateDeadline; readonly rejected: SentWrite | undefined },
  ): Promise<UpdateResult | SentWrite> {
    const base = await readBase();
    const { record: before } = base;
    if (rejected !== undefined && (await isApplied(rejected, before))) return committed(rejected);
    if (expectedVersion !== undefined && expectedVersion !== before.version) throw conflict(cacheBase(base));
    const settings = await compute(before);
    const isStored = base.raw !== undefined || before.version === 0;
    if (isStored && isEqual(settings, before.settings)) {
      return { snapshot: cacheBase(base).snapshot, changed: [], committed: false };
    }
    // A version that this process has read is never used again, even if the backend lost its data.
    const version = Math.max(before.version, cache.current()?.record.version ?? 0) + 1;
    const record = nextRecord(before, {
      version,
      writeId: createWriteId(version, random),
      settings,
      at: new Date(clock.now()).toISOString(),
      by: actor ?? null,
      reason: reason ?? null,
      historyLimit: options.historyLimit,
    });
    const sent = { before, record };
    switch (await deadline.duringWrite(() => send(base, record))) {
      case "applied":
        return committed(sent);
      case "lost":
        return sent;
      case "open":
        throw unknownOutcome(record.writeId);
      case "forgotten":
        throw forgottenOutcome(record.writeId);
    }
  }

  function committed({ before, record }: SentWrite): UpdateResult {
    refresh.offer(record);
    const changed = changedKeys(before.settings, record.settings);
    return { snapshot: cache.snapshotOf(record), changed, committed: true };
  }

  /** Caches the base of a change, unless the cache has a newer record, and returns the cached one. */
  function cacheBase({ raw, record }: WriteBase): CachedSnapshot {
    if (raw !== undefined) refresh.offer(record);
    return cache.current() ?? cache.confirm(empty, "defaults");
  }

  async function send({ raw }: WriteBase, record: SettingsRecord): Promise<WriteOutcome> {
    const { version, writeId } = record;
    const next = encodeRecord(record);
    if (next.length > MAX_RECORD_CHARACTERS)
      throw invalidOption("", `the settings are too large: ${next.length} characters`);
    const message = encodeBusMessage({ version, writeId, origin: options.origin });
    try {
      const deadline = { clock, limitMs: options.writeTimeoutMs, onTimeout: writeTimeout };
      const applied = await withDeadline(deadline, (signal) =>
        port.compareAndSet({ expected: raw, next, message }, signal),
      );
      return applied ? "applied" : "lost";
    } catch (thrown) {
      if (!(thrown instanceof StorageError) || thrown.applied === "no") throw thrown;
      return readBase().then(
        (base) => findWrite(base.record, writeId),
        () => "open",
      );
    }
  }

  async function run(
    compute: ComputeSettings,
    updateOptions: UpdateOptions,
    deadline: UpdateDeadline,
  ): Promise<UpdateResult> {
    const retries = updateOptions.expectedVersion === undefined ? (updateOptions.retries ?? DEFAULT_RETRIES) : 0;
    let rejected: SentWrite | undefined;
    for (let losses = 0; losses <= retries; losses++) {
      if (losses > 0) await pause(clock, random() * Math.min(2 ** losses, MAX_PAUSE_MS));
      deadline.assertTimeLeft();
      const result = await attempt(compute, updateOptions, { deadline, rejected });
      if ("committed" in result) return result;
      rejected = result;
    }
    const base = await readBase();
    if (rejected !== undefined && (await isApplied(rejected, base.record))) return committed(rejected);
    throw conflict(cacheBase(base));
  }

  return {
    write(compute, updateOptions) {
      checkUpdateOptions(updateOptions);
      const limits = { clock, limitMs: options.updateTimeoutMs };
      const updating = withUpdateDeadline(limits, (deadline) => last.then(() => run(compute, updateOptions, deadline)));
      const result = updating.catch((thrown: unknown) => Promise.reject(toCallerError(thrown)));
      last = result.catch(() => {});
      return result;
    },
    async reconcile(writeId) {
      if (versionOfWriteId(writeId) === null)
        throw invalidOption("writeId", "expected the writeId of a write_unknown error");
      try {
        const { record } = await readBase();
        const outcome = await findWrite(record, writeId);
        if (outcome === "forgotten") throw forgottenOutcome(writeId);
        return { committed: outcome === "open" ? null : outcome === "applied", version: record.version };
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    idle: async () => {
      await last;
    },
  };

  /** An error of the caller's function is passed on unchanged. */
  function toCallerError(thrown: unknown): unknown {
    return thrown instanceof CallerError ? thrown.thrown : toError(thrown);
  }
}

function conflict({ snapshot }: CachedSnapshot): SettingsError {
  const details = { current: snapshot };
  const message = `another writer changed the settings: version ${snapshot.version} is stored`;
  return new SettingsError({ code: "conflict", message, details });
}

/**
 * A driver that resends a command after its connection broke gets "not applied" for the second one, although the first one was applied.
 */
async function isApplied({ record }: SentWrite, stored: SettingsRecord): Promise<boolean> {
  return (await findWrite(stored, record.writeId)) === "applied";
}

function unknownOutcome(writeId: string): SettingsError {
  return new SettingsError({
    code: "write_unknown",
    message: `the backend did not answer the write, which may still be applied; call reconcile("${writeId}") later for the outcome`,
    details: { writeId },
  });
}

function forgottenOutcome(writeId: string): SettingsError {
  return new SettingsError({
    code: "write_unknown",
    message: `the record no longer contains version ${versionOfWriteId(writeId)}, so the outcome of write "${writeId}" is unknown`,
    details: { writeId },
  });
}

/** A write that failed before it was sent was not applied, even if that took longer than the limit. */
function writeTimeout(thrown: unknown): StorageError {
  const applied = thrown instanceof StorageError ? thrown.applied : "unknown";
  return new StorageError({ message: "no answer to the write in time", applied, timedOut: true, cause: thrown });
}
