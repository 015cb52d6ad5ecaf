import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { openPostgres, type PostgresStorage, parseStorageUrl } from "@babylon/storage";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { waitUntil } from "../../../settings-store/src/test-support/wait-until.ts";
import type { RecordStore, RecordStoreOptions } from "../contract/record-store.ts";
import { openRecordStore } from "../open-record-store.ts";
import { randomCallId, randomRecord } from "../test-support/random-record.ts";
import { expectUsage, testRecordStore } from "../test-support/record-store-contract.ts";

const EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
const DAY_MS = 86_400_000;
const MIX = { agents: 20, tenants: 5 };

describe.skipIf(isServerMissing("postgres"))("with a Postgres server", () => {
  let server: RunningServer;
  let admin: PostgresStorage;

  const run = (sql: string): Promise<readonly unknown[]> =>
    admin.query(sql, [], { signal: AbortSignal.timeout(20_000), applied: "no" });

  beforeAll(async () => {
    server = await startPostgres();
    const url = parseStorageUrl(server.url, "url", "/");
    if (url.scheme !== "postgres") throw new Error("another engine");
    admin = await openPostgres(url, { limitMs: 20_000 });
  });

  afterAll(async () => {
    await admin.close();
    await server.stop();
  });

  testRecordStore("records in Postgres", {
    url: () => server.url,
    clean: async () => void (await run(EMPTY)),
    hasSums: true,
  });

  describe("with several writers and faults", () => {
    const from = Date.parse("2026-11-18T00:00:00Z");
    const QUERY = {
      from: Date.parse("2026-11-01"),
      to: Date.parse("2027-01-01"),
      timeZone: "Asia/Kathmandu",
      bucket: "hour",
    } as const;

    beforeEach(async () => {
      await server.start();
      await run(EMPTY);
    });

    async function open(options: Partial<RecordStoreOptions> = {}): Promise<RecordStore> {
      const folder = mkdtempSync(join(tmpdir(), "babylon-spill-"));
      const store = await openRecordStore({ url: server.url, keepDays: 3_650, spillFolder: folder, ...options });
      onTestFinished(async () => {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      });
      return store;
    }

    function recordsOf(count: number, seed = 1): CallRecord[] {
      const random = createSeededRandom(seed);
      return Array.from({ length: count }, () =>
        randomRecord(random, randomCallId(random), from + Math.floor(random() * 3 * DAY_MS), MIX),
      );
    }

    async function expectStored(store: RecordStore, records: readonly CallRecord[]): Promise<void> {
      for (const by of [[], ["provider"], ["agent"], ["outcome"], ["tenant", "model"]] as const) {
        expectUsage(await store.usage({ ...QUERY, by }), records, { ...QUERY, by });
      }
      const ids: string[] = [];
      for (let before: string | undefined; ; ) {
        const page = await store.calls({ limit: 1_000, before });
        ids.push(...page.calls.map(({ callId }) => callId));
        if (page.next === null) break;
        before = page.next;
      }
      expect(ids.toSorted()).toEqual(records.map(({ callId }) => callId).toSorted());
    }

    it("four writers with the same calls in other orders store and count each call once", async () => {
      const records = recordsOf(3_000);
      const stores = await Promise.all([1, 2, 3, 4].map(() => open()));
      await Promise.all(
        stores.map(async (store, at) => {
          const own = [...records.slice(at * 700), ...records.slice(0, at * 700)];
          for (const record of at % 2 === 0 ? own : own.reverse()) store.recorder(record);
          await store.flush();
        }),
      );
      expect(stores.map(({ dropped, spilled }) => [dropped, spilled])).toEqual(stores.map(() => [0, 0]));
      await expectStored(await open(), records);
    });

    it.each([
      ["spilled, and back when the server is", false],
      ["in memory, of which each dropped one is counted", true],
    ])("a server that is killed between and within writes: the records are %s", async (_, isInMemory) => {
      const store = await open(isInMemory ? { spillFolder: null } : {});
      const records = recordsOf(isInMemory ? 25_000 : 6_000);
      const first = records.slice(0, 2_000);
      for (const record of first) store.recorder(record);
      await waitUntil("something is stored", async () => {
        const rows = await run("SELECT 1 FROM babylon_records_calls LIMIT 1").catch(() => []);
        return rows.length > 0;
      });
      const flushed = store.flush();
      await server.kill();
      await flushed;
      for (const record of records.slice(2_000)) store.recorder(record);
      await store.flush();
      if (!isInMemory) expect([store.dropped, store.spilled > 0]).toEqual([0, true]);
      await server.start();
      await waitUntil("all records are stored", async () => {
        await store.flush();
        return store.spilled === 0 && (await countOf()) + store.dropped === records.length;
      });
      if (isInMemory) expect(store.dropped).toBeGreaterThan(0);
      else await expectStored(store, records);
    });

    async function countOf(): Promise<number> {
      const [row] = await run("SELECT count(*)::int AS count FROM babylon_records_calls").catch(() => []);
      return Number(Reflect.get(Object(row), "count"));
    }

    it("a writer that stops within a write holds up the others for a limited time", async () => {
      const store = await open();
      for (const record of recordsOf(10)) store.recorder(record);
      await store.flush();
      const stored = Promise.withResolvers<void>();
      const holder = admin.transaction(
        async (query) => {
          await query(
            "SET LOCAL idle_in_transaction_session_timeout = '300ms'; SELECT pg_advisory_xact_lock(1651664227)",
          );
          await stored.promise;
          await query("SELECT 1");
        },
        { signal: AbortSignal.timeout(20_000), applied: "no" },
      );
      const refused = expect(holder).rejects.toMatchObject({ name: "StorageError" });
      for (const record of recordsOf(10, 2)) store.recorder(record);
      await store.flush();
      expect([await countOf(), store.spilled]).toEqual([20, 0]);
      stored.resolve();
      await refused;
    });

    it("prune drops the partitions of past days as a whole, and a late record gets its day back", async () => {
      const now = Date.now();
      const random = createSeededRandom(3);
      const content = { messages: [], text: "t", reasoning: null, toolCalls: [], requests: [] };
      const records = [0, 1, 5, 9, 20].map((age) => ({
        ...randomRecord(random, `${age} days`, now - age * DAY_MS, MIX),
        content,
      }));
      const store = await open({ keepDays: 7, keepContentDays: 2, keepSumsDays: 400 });
      for (const record of records) store.recorder(record);
      await store.flush();
      const partitions = async (table: string): Promise<number> =>
        (await run(`SELECT 1 FROM pg_inherits WHERE inhparent = '${table}'::regclass`)).length;
      expect([await partitions("babylon_records_calls"), await partitions("babylon_records_content")]).toEqual([5, 5]);
      await store.prune();
      expect([await partitions("babylon_records_calls"), await partitions("babylon_records_content")]).toEqual([3, 2]);
      store.recorder(randomRecord(random, "late", now - 9 * DAY_MS, MIX));
      await store.flush();
      expect(await store.call("late")).not.toBeNull();
      const query = { ...QUERY, from: now - 30 * DAY_MS, to: now + 1, bucket: "all" } as const;
      expect((await store.usage(query)).map(({ calls }) => calls)).toEqual([6]);
    });

    it("a reader with SELECT alone answers queries, and creates and changes nothing", async () => {
      await run("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'reads-only'");
      const options = { url: server.url.replace("babylon:secret-of-tests", "reader:reads-only"), readOnly: true };
      const early = await open(options);
      await expect(early.calls({ limit: 1 })).rejects.toMatchObject({ name: "StorageError" });
      const records = recordsOf(50);
      const store = await open();
      for (const record of records) store.recorder(record);
      await store.flush();
      await run("GRANT USAGE ON SCHEMA public TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
      const reader = await open(options);
      await expectStored(reader, records);
      await expect(reader.prune()).rejects.toMatchObject({ message: expect.stringContaining("readOnly") });
      await expect(reader.erase({ callId: "x" })).rejects.toMatchObject({
        message: expect.stringContaining("readOnly"),
      });
      await run("DROP OWNED BY reader; DROP ROLE reader");
    });

    it("names with any characters are stored, and found again", async () => {
      const store = await open();
      const odd = {
        agent: "a\u0000b\ud800",
        tenant: "'; DROP TABLE x; --",
        purpose: 'ü{},"\\',
        provider: "x".repeat(10_000),
      };
      const [sample] = recordsOf(1);
      const record = { ...sample, ...odd, callId: "odd" } as CallRecord;
      store.recorder(record);
      await store.flush();
      expect([store.dropped, store.spilled]).toEqual([0, 0]);
      expect(await store.call("odd")).toMatchObject(odd);
      const { calls } = await store.calls({ limit: 5, where: { tenant: odd.tenant, purpose: odd.purpose } });
      expect(calls.map(({ callId }) => callId)).toEqual(["odd"]);
      expect((await store.calls({ limit: 5, where: { agent: odd.agent } })).calls).toHaveLength(1);
      const rows = await store.usage({ ...QUERY, by: ["tenant"] });
      expect(rows.map(({ group }) => group.tenant)).toEqual([odd.tenant]);
      expect(await store.erase({ tenant: odd.tenant })).toBe(1);
    });

    it("finished hours are rolled up, and a late call makes them stale again", async () => {
      const store = await open();
      const records = recordsOf(400);
      for (const [at, record] of records.entries()) {
        store.recorder(record);
        if (at % 5 === 0) await store.flush();
      }
      await rollUpAll(store, records);
      await expectStored(store, records);
      const late = recordsOf(30, 9);
      for (const record of late) store.recorder(record);
      await store.flush();
      await expectStored(store, [...records, ...late]);
      await rollUpAll(store, records);
      await expectStored(store, [...records, ...late]);
      await store.erase({ tenant: "tenant-1" });
      const left = [...records, ...late].filter(({ tenant }) => tenant !== "tenant-1");
      const query = { ...QUERY, by: ["tenant", "model"] } as const;
      expectUsage(await store.usage(query), left, query);
      await rollUpAll(store, left);
      expectUsage(await store.usage(query), left, query);
    });

    /** Each write rolls up one hour. */
    async function rollUpAll(store: RecordStore, [stored]: readonly CallRecord[]): Promise<void> {
      await waitUntil("all hours are rolled up", async () => {
        if (stored !== undefined) store.recorder(stored);
        await store.flush();
        const [row] = await run("SELECT count(*)::int AS count FROM babylon_records_stale_hours");
        return Reflect.get(Object(row), "count") === 0;
      });
    }

    it("a server that is away at the start is no error", async () => {
      await server.kill();
      const store = await open();
      const records = recordsOf(20);
      for (const record of records) store.recorder(record);
      await store.flush();
      expect(store.spilled).toBe(20);
      await expect(store.calls({ limit: 1 })).rejects.toMatchObject({ name: "StorageError", code: "unavailable" });
      await server.start();
      await waitUntil("the records are stored", async () => {
        await store.flush();
        return store.spilled === 0;
      });
      await expectStored(store, records);
    });

    it("tables of a newer version are not touched, and neither errors nor logs have the password", async () => {
      const logged: unknown[] = [];
      const log = (...entry: unknown[]): void => void logged.push(entry);
      const logger = { debug: log, info: log, warn: log, error: log };
      const first = await open();
      await first.calls({ limit: 1 });
      await run("UPDATE babylon_records_meta SET value = 99 WHERE name = 'version'");
      const store = await open({ logger });
      await expect(store.calls({ limit: 1 })).rejects.toMatchObject({ code: "corrupt" });
      for (const record of recordsOf(2)) store.recorder(record);
      await store.flush();
      expect(store.spilled).toBe(2);
      expect(JSON.stringify([logged, store.location])).not.toContain("secret-of-tests");
      expect(store.location).toContain("postgres://127.0.0.1");
    });
  });
});
