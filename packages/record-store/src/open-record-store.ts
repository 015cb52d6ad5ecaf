import { createHash, randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { silentLogger, systemClock } from "@babylon/llm-core";
import { importDriver, parseStorageUrl, StorageError } from "@babylon/storage";
import { parseClickhouseUrl } from "./clickhouse/parse-clickhouse-url.ts";
import type { RecordEngine, Retention } from "./contract/record-engine.ts";
import type { RecordStore, RecordStoreOptions } from "./contract/record-store.ts";
import { createRecordStore } from "./create-record-store.ts";
import { MAX_SPILL_BYTES } from "./queue/record-limits.ts";
import { createSpill, NO_SPILL } from "./queue/spill.ts";

const READ_ONLY = "the records were opened with readOnly";

/** An engine, and where its spill is by default; `null`: it has none. */
interface OpenedEngine {
  readonly engine: RecordEngine;
  readonly spillFolder: string | null;
}

const SCHEMES =
  "sqlite://path, sqlite://:memory:, jsonl://folder, postgres://host/database, clickhouse+https://host/database";

function invalid(at: string, reason: string): StorageError {
  return new StorageError({ code: "invalid", message: `${at}: ${reason}`, applied: "no", at });
}

function checkedRetention({ keepDays = 30, keepContentDays = 7, keepSumsDays = 400 }: Partial<Retention>): Retention {
  for (const [name, days] of Object.entries({ keepDays, keepContentDays, keepSumsDays })) {
    if (!(days > 0)) throw invalid(name, "expected a number of days above 0");
  }
  return { keepDays, keepContentDays, keepSumsDays };
}

/**
 * Opens a store of records. Defaults: calls are kept for 30 days, content for 7, sums for 400.
 *
 * Throws a `StorageError`: `invalid` for a URL or an option that is not valid, `unavailable` or `corrupt` if the file cannot be opened.
 */
export async function openRecordStore(options: RecordStoreOptions): Promise<RecordStore> {
  const { url, at = "url", logger = silentLogger, clock = systemClock } = options;
  const opened = await openEngine(url, at, checkedRetention(options), options);
  if (options.readOnly === true) {
    return createRecordStore({ engine: toReader(opened.engine), spill: NO_SPILL, clock, random: Math.random, logger });
  }
  const { engine, spillFolder } = opened;
  const folder = options.spillFolder === undefined ? spillFolder : options.spillFolder;
  const spill =
    folder === null
      ? NO_SPILL
      : createSpill(folder, {
          maxBytes: MAX_SPILL_BYTES,
          processId: randomUUID().slice(0, 8),
          now: () => clock.now(),
        });
  return createRecordStore({ engine, spill, clock, random: Math.random, logger });
}

/** An engine that refuses changes. */
function toReader(engine: RecordEngine): RecordEngine {
  const refuse = () => Promise.reject(new StorageError({ message: READ_ONLY, applied: "no", retryable: false }));
  return { ...engine, write: refuse, erase: refuse, prune: refuse, takeTurn: async () => false };
}

async function openEngine(
  url: string,
  at: string,
  retention: Retention,
  options: RecordStoreOptions,
): Promise<OpenedEngine> {
  const { clock = systemClock, importPackage = importDriver, fetch = globalThis.fetch, readOnly = false } = options;
  const folder = /^jsonl:\/\/(.+)$/is.exec(url)?.[1];
  if (folder !== undefined) {
    const { openJsonlEngine } = await import("./jsonl/open-jsonl-engine.ts");
    const path = resolve(process.cwd(), folder);
    return { engine: openJsonlEngine({ folder: path, at, clock, retention, readOnly }), spillFolder: `${path}.spill` };
  }
  if (/^clickhouse\+https?:/i.test(url)) {
    const parsed = parseClickhouseUrl(url, at);
    const { openClickhouseEngine } = await import("./clickhouse/open-clickhouse-engine.ts");
    const engine = openClickhouseEngine({ url: parsed, fetch, clock, retention, readOnly });
    return { engine, spillFolder: spillOfServer(parsed.location) };
  }
  if (!/^(sqlite|postgres|postgresql):/i.test(url))
    throw invalid(at, `expected a URL with one of the schemes ${SCHEMES}`);
  const parsed = parseStorageUrl(url, at, process.cwd());
  switch (parsed.scheme) {
    case "sqlite": {
      const { file } = parsed;
      const { openWorkerEngine } = await import("./sqlite/open-worker-engine.ts");
      return {
        engine: await openWorkerEngine({
          file,
          readOnly: parsed.readOnly || (readOnly && file !== null),
          at,
          retention,
        }),
        spillFolder: file === null ? null : `${file}.spill`,
      };
    }
    case "postgres": {
      const { openPostgresEngine } = await import("./postgres/open-postgres-engine.ts");
      return {
        engine: await openPostgresEngine({ url: parsed, clock, retention, importPackage, readOnly }),
        spillFolder: spillOfServer(parsed.location),
      };
    }
    default:
      throw invalid(at, `expected a URL with one of the schemes ${SCHEMES}`);
  }
}

/** The folder of records for a server: below the working directory, another one for each database. */
function spillOfServer(location: string): string {
  const id = createHash("sha256").update(location).digest("hex").slice(0, 8);
  return resolve(process.cwd(), `babylon-records-${id}.spill`);
}
