import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock, Logger } from "@babylon/llm-core";
import { isRecord } from "@babylon/llm-core";
import { makeFolder } from "@babylon/storage";
import { decodeRecord } from "../record/decode-record.ts";
import { encodeRecord } from "../record/next-record.ts";
import type { SettingsRecord } from "../record/settings-record.ts";
import { callSafely } from "../status/settings-event.ts";

/** A record from an earlier run. */
export interface SavedRecord {
  readonly record: SettingsRecord;
  /** Since it was saved, by the wall clock, milliseconds. */
  readonly ageMs: number;
}

/** A file that holds the last good record, for a start while the backend is down. */
export interface LastKnownGood {
  save(record: SettingsRecord): void;
  /** `undefined` when there is no file or it is not usable. */
  load(): Promise<SavedRecord | undefined>;
  /** Resolves when everything is on disk. */
  flush(): Promise<void>;
}

/** Failing to save is a line in the log, nothing more. */
export function createLastKnownGood(path: string, clock: Clock, logger: Logger): LastKnownGood {
  let waiting: SettingsRecord | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting !== undefined) {
      const record = waiting;
      waiting = undefined;
      await writeOne(record).catch((thrown: unknown) => {
        callSafely(logger, "the last-known-good file", () => Promise.reject(thrown));
      });
    }
    writing = undefined;
  }

  /** A reader sees the whole old file or the whole new one. */
  async function writeOne(record: SettingsRecord): Promise<void> {
    const savedAt = new Date(clock.now()).toISOString();
    const temporary = `${path}.${process.pid}.tmp`;
    makeFolder(dirname(path));
    await writeFile(temporary, JSON.stringify({ savedAt, record: encodeRecord(record) }), { mode: 0o600 });
    await rename(temporary, path);
  }

  return {
    save(record) {
      waiting = record;
      writing ??= writeAll();
    },
    async load() {
      try {
        const saved: unknown = JSON.parse(await readFile(path, "utf8"));
        if (!isRecord(saved) || typeof saved.record !== "string" || typeof saved.savedAt !== "string") return undefined;
        const ageMs = clock.now() - Date.parse(saved.savedAt);
        return Number.isFinite(ageMs) ? { record: decodeRecord(saved.record), ageMs: Math.max(0, ageMs) } : undefined;
      } catch {
        return undefined;
      }
    },
    flush: () => writing ?? Promise.resolve(),
  };
}
