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

/** What became of an update. */
export interface UpdateResult {
  readonly snapshot: StoreSnapshot;
  /** The top-level fields that differ now. */
  readonly changed: readonly SettingsKey[];
  /** `false`: the settings were like that already, and nothing was written. */
  readonly committed: boolean;
}

/** What became of a write whose outcome was not known. */
export interface ReconcileResult {
  /** `null`: not applied yet, and it still may be. */
  readonly committed: boolean | null;
  /** The version that is stored now. */
  readonly version: number;
}

/** Computes the settings that follow from what is stored. May be called again when somebody else was faster. */
export type ComputeSettings = (base: SettingsRecord) => SystemSettings | Promise<SystemSettings>;

/** What writing needs. */
export interface WriterOptions {
  readonly read: () => Promise<string | undefined>;
  readonly port: RawPort;
  readonly cell: SnapshotCache;
  readonly refresh: Refresh;
  readonly empty: SettingsRecord;
  readonly clock: Clock;
  readonly random: () => number;
  readonly writeTimeoutMs: number;
  readonly updateTimeoutMs: number;
  readonly historyLimit: number;
  /** This store, in messages. */
  readonly origin: string;
  readonly toError: ToSettingsError;
}

/** Changes the settings, one change of this process at a time. */
export interface Writer {
  write(compute: ComputeSettings, options: UpdateOptions): Promise<UpdateResult>;
  reconcile(writeId: string): Promise<ReconcileResult>;
  /** Resolves when no write is under way. */
  idle(): Promise<void>;
}

const DEFAULT_RETRIES = 100;
const MAX_PAUSE_MS = 50;

/** What is stored, and what a change builds on: the same, unless the store lost what this process still has. */
interface WriteBase {
  readonly raw: string | undefined;
  readonly record: SettingsRecord;
}

/** A write of this process, and what it was built on. */
interface SentWrite {
  readonly before: SettingsRecord;
  readonly record: SettingsRecord;
}

export function createWriter(options: WriterOptions): Writer {
  const { read, port, cell, refresh, empty, clock, random, toError } = options;
  let last: Promise<unknown> = Promise.resolve();

  async function readBase(): Promise<WriteBase> {
    const raw = await read();
    if (raw !== undefined) {
      const record = decodeRecord(raw);
      refresh.offer(record);
      return { raw, record };
    }
    const held = cell.current();
    return { raw, record: held === undefined || held.source === "defaults" ? empty : held.record };
  }

  /** @param refused - the write before this one, which the backend said it did not apply */
  async function attempt(
    compute: ComputeSettings,
    given: UpdateOptions,
    { deadline, refused }: { readonly deadline: UpdateDeadline; readonly refused: SentWrite | undefined },
  ): Promise<UpdateResult | SentWrite> {
    const base = await readBase();
    const { record: before } = base;
    if (refused !== undefined && (await isApplied(refused, before))) return committed(refused);
    if (given.expectedVersion !== undefined && given.expectedVersion !== before.version) throw conflict(holdBase(base));
    const settings = await compute(before);
    const isStored = base.raw !== undefined || before.version === 0;
    if (isStored && isEqual(settings, before.settings)) {
      return { snapshot: holdBase(base).snapshot, changed: [], committed: false };
    }
    // Never a version again that this process has seen, whatever the store has lost.
    const version = Math.max(before.version, cell.current()?.record.version ?? 0) + 1;
    const record = nextRecord(before, {
      version,
      writeId: createWriteId(version, random),
      settings,
      at: new Date(clock.now()).toISOString(),
      by: given.actor ?? null,
      reason: given.reason ?? null,
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
    return { snapshot: cell.snapshotOf(record), changed, committed: true };
  }

  /** What a change was built on is what the backend holds; it may be older than what arrived in the meantime. */
  function holdBase({ raw, record }: WriteBase): CachedSnapshot {
    if (raw !== undefined) refresh.offer(record);
    else if (cell.current() === undefined) cell.confirm(empty, "defaults");
    return holdCurrent();
  }

  function holdCurrent(): CachedSnapshot {
    const held = cell.current();
    if (held === undefined) throw new Error("a record was just put in");
    return held;
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

  async function run(compute: ComputeSettings, given: UpdateOptions, deadline: UpdateDeadline): Promise<UpdateResult> {
    const retries = given.expectedVersion === undefined ? (given.retries ?? DEFAULT_RETRIES) : 0;
    let refused: SentWrite | undefined;
    for (let losses = 0; losses <= retries; losses++) {
      if (losses > 0) await pause(clock, random() * Math.min(2 ** losses, MAX_PAUSE_MS));
      deadline.assertTimeLeft();
      const result = await attempt(compute, given, { deadline, refused });
      if ("committed" in result) return result;
      refused = result;
    }
    const base = await readBase();
    if (refused !== undefined && (await isApplied(refused, base.record))) return committed(refused);
    throw conflict(holdBase(base));
  }

  return {
    write(compute, given) {
      checkUpdateOptions(given);
      const limits = { clock, limitMs: options.updateTimeoutMs };
      const updating = withUpdateDeadline(limits, (deadline) => last.then(() => run(compute, given, deadline)));
      const turn = updating.catch((thrown: unknown) => Promise.reject(rethrow(thrown)));
      last = turn.catch(() => {});
      return turn;
    },
    async reconcile(writeId) {
      if (versionOfWriteId(writeId) === null)
        throw invalidOption("writeId", "expected the writeId of a write_unknown error");
      try {
        const { record } = await readBase();
        const fate = await findWrite(record, writeId);
        if (fate === "forgotten") throw forgottenOutcome(writeId);
        return { committed: fate === "open" ? null : fate === "applied", version: record.version };
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    idle: async () => {
      await last;
    },
  };

  /** A caller's own function may throw anything, and gets it back as it is. */
  function rethrow(thrown: unknown): unknown {
    return thrown instanceof CallerError ? thrown.thrown : toError(thrown);
  }
}

function conflict({ snapshot }: CachedSnapshot): SettingsError {
  const details = { current: snapshot };
  const message = `the settings were changed by somebody else: version ${snapshot.version} is stored`;
  return new SettingsError({ code: "conflict", message, details });
}

/** A driver that sends a command again after its connection broke is told that the first one's work is somebody else's. */
async function isApplied({ record }: SentWrite, stored: SettingsRecord): Promise<boolean> {
  return (await findWrite(stored, record.writeId)) === "applied";
}

function unknownOutcome(writeId: string): SettingsError {
  return new SettingsError({
    code: "write_unknown",
    message: `the backend gave no answer to the write; it may still be applied. reconcile("${writeId}") tells later`,
    details: { writeId },
  });
}

function forgottenOutcome(writeId: string): SettingsError {
  return new SettingsError({
    code: "write_unknown",
    message: `the record does not reach back to version ${versionOfWriteId(writeId)} any more: whether write "${writeId}" was applied cannot be known`,
    details: { writeId },
  });
}

/** A write that was refused before it was sent is known not to be applied, also when that took too long. */
function writeTimeout(thrown: unknown): StorageError {
  const applied = thrown instanceof StorageError ? thrown.applied : "unknown";
  return new StorageError({ message: "no answer to the write in time", applied, timedOut: true, cause: thrown });
}
