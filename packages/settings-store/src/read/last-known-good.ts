import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock, Logger } from "@babylon/llm-core";
import { isRecord } from "@babylon/llm-core";
import { makeFolder } from "@babylon/storage";
import { callSafely } from "../errors/call-safely.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { encodeRecord } from "../record/next-record.ts";
import type { SettingsRecord } from "../record/settings-record.ts";

/** A record that was saved in the file. */
export interface SavedRecord {
  readonly record: SettingsRecord;
  /** Time since it was saved, by the wall clock, milliseconds. */
  readonly ageMs: number;
}

/** A file with the last good record, used when the process starts while the backend is down. */
export interface LastKnownGood {
  save(record: SettingsRecord): void;
  /** `undefined` when the file does not exist or is invalid. */
  load(): Promise<SavedRecord | undefined>;
  /** Resolves when all saved records are on disk. */
  flush(): Promise<void>;
}

/** A failure to save is logged and otherwise ignored. */
export function createLastKnownGood(path: string, clock: Clock, logger: Logger): LastKnownGood {
  let pending: SettingsRecord | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (pending !== undefined) {
      const record = pending;
      pending = undefined;
      await writeOne(record).catch((thrown: unknown) => {
        callSafely(logger, "the last-known-good file", () => Promise.reject(thrown));
      });
    }
    writing = undefined;
  }

  /** Writes atomically: a concurrent reader gets either the old or the new file. */
  async function writeOne(record: SettingsRecord): Promise<void> {
    const savedAt = new Date(clock.now()).toISOString();
    const temporary = `${path}.${process.pid}.tmp`;
    makeFolder(dirname(path));
    await writeFile(temporary, JSON.stringify({ savedAt, record: encodeRecord(record) }), { mode: 0o600 });
    await rename(temporary, path);
  }

  return {
    save(record) {
      pending = record;
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
