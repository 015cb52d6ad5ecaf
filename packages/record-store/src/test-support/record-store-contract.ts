import type { CallRecord } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordStore, RecordStoreOptions } from "../contract/record-store.ts";
import type { UsageDimension, UsageQuery, UsageRow } from "../contract/usage-query.ts";
import { openRecordStore } from "../open-record-store.ts";
import { randomCallId, randomRecord } from "./random-record.ts";
import { labelOf, type OracleRow, usageOracle } from "./usage-oracle.ts";

/** What a suite needs to know about an engine. */
export interface EngineUnderTest {
  /** A URL of an empty store, the same until `clean`. */
  url(): string;
  clean(): Promise<void>;
  /** Whether sums outlive the rows. */
  readonly hasSums: boolean;
}

/** Longer ago than the calls of the suite. */
const KEPT = { keepDays: 3_650, keepContentDays: 3_650, keepSumsDays: 3_650 };

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

/** In Berlin and New York clocks go back on October 25 and November 1, 2026, and forward on March 29 and March 8. */
const SPANS: readonly [what: string, from: string, to: string][] = [
  ["three days", "2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z"],
  ["a span that cuts quarters", "2026-11-20T07:11:12.345Z", "2026-11-22T18:44:44.4Z"],
  [
    "the day on which Berlin's clocks go back, and Lord Howe's three weeks later",
    "2026-10-24T00:00:00Z",
    "2026-10-27T00:00:00Z",
  ],
  ["the day on which Berlin's clocks go forward", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"],
  ["the days on which New York's clocks go back", "2026-10-31T00:00:00Z", "2026-11-03T00:00:00Z"],
  ["the day on which New York's clocks go forward", "2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z"],
  ["the day on which Lord Howe's clocks go back by half an hour", "2026-04-04T00:00:00Z", "2026-04-06T00:00:00Z"],
  ["the end of a month", "2026-10-30T00:00:00Z", "2026-11-02T00:00:00Z"],
];

const QUESTIONS: readonly Pick<UsageQuery, "by" | "where">[] = [
  {},
  { by: ["provider"] },
  { by: ["model"] },
  { by: ["agent"] },
  { by: ["tenant"] },
  { by: ["purpose"] },
  { by: ["outcome"] },
  { where: { tenant: "tenant-1" } },
  { where: { provider: ["groq", "claude"] } },
  { by: ["provider"], where: { provider: ["groq", ""] } },
  { by: ["agent", "outcome"] },
  { by: ["provider", "model"], where: { tenant: ["tenant-0", ""] } },
  { by: ["agent"], where: { provider: "wandb", outcome: ["failed", "success"] } },
  { where: { agent: "", purpose: ["chat", ""] } },
];

function expectPercentiles(row: UsageRow, expected: OracleRow): void {
  for (const [percentiles, values] of [
    [row.latency, expected.durations],
    [row.firstToken, expected.firstTokens],
  ] as const) {
    const sorted = [...values].sort((one, other) => one - other);
    for (const [name, share] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const) {
      const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
      const found = percentiles[name];
      if (exact === undefined) expect(found).toBeNull();
      else expect(Math.abs((found ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.012 + 0.01);
    }
  }
}

/** Compares usage with the records: every count, and percentiles within 1.2 %. */
export function expectUsage(rows: readonly UsageRow[], records: readonly CallRecord[], query: UsageQuery): void {
  const expected = usageOracle(records, query);
  const found = new Map(rows.map((row) => [labelOf(row, query), row]));
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  expect(found.size).toBe(rows.length);
  for (const [label, row] of found) {
    const { latency: _, firstToken: __, at: ___, ...counts } = row;
    const oracle = expected.get(label);
    if (oracle === undefined) throw new Error(`no row ${label}`);
    const { durations: ____, firstTokens: _____, at: ______, ...expectedCounts } = oracle;
    expect(counts, label).toEqual(expectedCounts);
    expectPercentiles(row, oracle);
  }
}

/** What holds for every engine. */
export function testRecordStore(name: string, engine: EngineUnderTest): void {
  describe(name, () => {
    const mix = { agents: 5, tenants: 3 };
    const open: RecordStore[] = [];

    async function store(options: Partial<RecordStoreOptions> = {}): Promise<RecordStore> {
      const opened = await openRecordStore({ url: engine.url(), ...KEPT, ...options });
      open.push(opened);
      return opened;
    }

    function recordsBetween(from: number, to: number, count: number, seed = 1): CallRecord[] {
      const random = createSeededRandom(seed);
      return Array.from({ length: count }, () =>
        randomRecord(random, randomCallId(random), Math.floor(from + random() * (to - from)), mix),
      );
    }

    beforeEach(() => engine.clean());
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()));
      await engine.clean();
    });

    it.each(SPANS)("usage() is what the records say, in five zones and all groupings: %s", async (_, start, end) => {
      const [from, to] = [Date.parse(start), Date.parse(end)];
      const margin = 6 * 3_600_000;
      const records = recordsBetween(from - margin, to + margin, 300);
      const opened = await store();
      for (const record of records) opened.recorder(record);
      await opened.flush();
      for (const timeZone of ZONES) {
        for (const bucket of ["hour", "day", "month", "all"] as const) {
          for (const question of bucket === "day" ? QUESTIONS : QUESTIONS.slice(0, 2)) {
            const query = { from, to, timeZone, bucket, ...question };
            expectUsage(await opened.usage(query), records, query);
          }
        }
      }
    });

    it("top keeps the groups with the highest cost, and the others add up", async () => {
      const [from, to] = [Date.parse("2026-11-20"), Date.parse("2026-11-22")];
      const opened = await store();
      for (const record of recordsBetween(from, to, 500)) opened.recorder(record);
      await opened.flush();
      const query = { from, to, timeZone: "UTC", bucket: "month", by: ["agent"] } as const;
      const all = await opened.usage(query);
      const top = await opened.usage({ ...query, top: 2 });
      expect(top.map(({ group }) => group.agent)).toEqual([
        ...all.slice(0, 2).map(({ group }) => group.agent),
        "(other)",
      ]);
      const sum = (rows: readonly UsageRow[], field: "calls" | "nanoUsd" | "outputTokens"): number =>
        rows.reduce((total, row) => total + row[field], 0);
      for (const field of ["calls", "nanoUsd", "outputTokens"] as const) expect(sum(top, field)).toBe(sum(all, field));
      expect(all.map(({ nanoUsd }) => nanoUsd)).toEqual(all.map(({ nanoUsd }) => nanoUsd).sort((a, b) => b - a));
    });

    it("a query of rows reports its progress, and can be canceled", async () => {
      const [from, to] = [Date.parse("2026-11-20"), Date.parse("2026-11-22")];
      const opened = await store();
      for (const record of recordsBetween(from, to, 100)) opened.recorder(record);
      await opened.flush();
      const shares: number[] = [];
      const query = { from, to, timeZone: "UTC", bucket: "day", by: ["agent", "tenant"] as UsageDimension[] } as const;
      await opened.usage({ ...query, onProgress: (share) => shares.push(share) });
      expect(shares.at(-1)).toBe(1);
      await expect(opened.usage({ ...query, abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
        name: "AbortError",
      });
    });

    it("call() returns a record as it was, with its content", async () => {
      const opened = await store();
      const records = recordsBetween(Date.parse("2026-11-20"), Date.parse("2026-11-21"), 60);
      const content = {
        messages: [{ role: "user", content: "a line\nand another — ünï" }],
        text: "an answer",
        reasoning: null,
        toolCalls: [],
        requests: [],
      } as const;
      const withContent = { ...records[0], callId: "with~content.1", content } as CallRecord;
      const later = { ...records[1], callId: "later", aFieldOfALaterVersion: { deep: [1] } } as unknown as CallRecord;
      for (const record of [...records, withContent, later]) opened.recorder(record);
      await opened.flush();
      for (const record of [...records, withContent, later]) expect(await opened.call(record.callId)).toEqual(record);
      for (const { callId, startedAt } of [withContent, later]) {
        expect(await opened.call(callId, startedAt)).toEqual(await opened.call(callId));
        expect(await opened.call(callId, startedAt - 1)).toBeNull();
      }
      expect(await opened.call("no such call")).toBeNull();
    });

    it("keeps durations to the microsecond, and the schema of an answer with the content only", async () => {
      const opened = await store();
      const [record] = recordsBetween(Date.parse("2026-11-20"), Date.parse("2026-11-21"), 60).filter(
        ({ attempts }) => attempts.length > 0,
      );
      const [attempt, ...others] = record?.attempts ?? [];
      if (record === undefined || attempt === undefined) throw new Error("no call has an attempt");
      const responseFormat = {
        type: "json-schema",
        name: "answer",
        schema: { title: "a secret" },
        strict: true,
      } as const;
      const precise = { ...attempt, durationMs: 12.345_678_9, firstTokenMs: 0.1 + 0.2 };
      opened.recorder({
        ...record,
        callId: "precise",
        durationMs: 1_000 / 3,
        attempts: [{ ...precise, responseFormat }, ...others],
      });
      await opened.flush();
      expect(await opened.call("precise")).toEqual({
        ...record,
        callId: "precise",
        durationMs: 333.333,
        attempts: [{ ...precise, durationMs: 12.346, firstTokenMs: 0.3 }, ...others],
      });
    });

    it("calls() pages through the log, newest first, and filters it", async () => {
      const opened = await store();
      const [from, to] = [Date.parse("2026-11-20"), Date.parse("2026-11-22")];
      // Many calls start at the same time.
      const records = recordsBetween(from, to, 230).map((record) => ({
        ...record,
        startedAt: Math.floor(record.startedAt / 3_600_000) * 3_600_000,
      }));
      for (const record of records) opened.recorder(record);
      await opened.flush();
      for (const [where, accepts] of [
        [undefined, () => true],
        [{ outcome: ["failed", "interrupted"] }, ({ outcome }) => outcome === "failed" || outcome === "interrupted"],
        [{ provider: "", tenant: "tenant-1" }, ({ provider, tenant }) => provider === null && tenant === "tenant-1"],
      ] as readonly [object | undefined, (record: CallRecord) => boolean][]) {
        const seen: string[] = [];
        const times: number[] = [];
        let before: string | undefined;
        for (;;) {
          const page = await opened.calls({ where, limit: 25, before });
          seen.push(...page.calls.map(({ callId }) => callId));
          times.push(...page.calls.map(({ startedAt }) => startedAt));
          if (page.next === null) break;
          expect(page.calls).toHaveLength(25);
          before = page.next;
        }
        expect([...seen].sort()).toEqual(
          records
            .filter(accepts)
            .map(({ callId }) => callId)
            .sort(),
        );
        expect(times).toEqual([...times].sort((one, other) => other - one));
      }
      const middle = Date.parse("2026-11-21");
      const { calls } = await opened.calls({ from: middle, limit: 1_000 });
      expect(calls).toHaveLength(records.filter(({ startedAt }) => startedAt >= middle).length);
      const [call] = calls;
      const record = records.find(({ callId }) => callId === call?.callId);
      expect(call).toMatchObject({ outcome: record?.outcome, attempts: record?.attempts.length, agent: record?.agent });
    });

    it("read() returns every call with its content, newest first, over pages of long and of short ones", async () => {
      const opened = await store();
      const [from, to] = [Date.parse("2026-11-20"), Date.parse("2026-11-22")];
      const contentOf = (index: number): NonNullable<CallRecord["content"]> => ({
        messages: [{ role: "user", content: `${"ünï\n🙂".repeat(index % 7 === 0 ? 5_000 : 5)} ${index}` }],
        text: `answer ${index}`,
        reasoning: null,
        toolCalls: [],
        requests: [],
      });
      // Many calls start at the same time; some have no content.
      const records = recordsBetween(from, to, 230).map(
        (record, index): CallRecord => ({
          ...record,
          startedAt: Math.floor(record.startedAt / 3_600_000) * 3_600_000,
          ...(index % 5 === 0 ? {} : { content: contentOf(index) }),
        }),
      );
      for (const record of records) opened.recorder(record);
      await opened.flush();
      const found: CallRecord[] = [];
      for await (const record of opened.read()) found.push(record);
      const byId = (one: CallRecord, other: CallRecord): number => (one.callId < other.callId ? -1 : 1);
      expect(found.toSorted(byId)).toEqual(records.toSorted(byId));
      expect(found.map(({ startedAt }) => startedAt)).toEqual(
        found.map(({ startedAt }) => startedAt).toSorted((one, other) => other - one),
      );
      const middle = Date.parse("2026-11-21");
      const some: string[] = [];
      for await (const { callId } of opened.read({ where: { tenant: "tenant-1" }, from: middle })) some.push(callId);
      const expected = records.filter(({ tenant, startedAt }) => tenant === "tenant-1" && startedAt >= middle);
      expect(some.toSorted()).toEqual(expected.map(({ callId }) => callId).toSorted());
      for await (const record of opened.read({ from: to })) throw new Error(`found ${record.callId}`);
    });

    it("a record that arrives twice, also in another process, is stored and counted once", async () => {
      const records = recordsBetween(Date.parse("2026-11-20"), Date.parse("2026-11-21"), 50);
      const [one, other] = [await store(), await store()];
      for (const opened of [one, other, one]) for (const record of records) opened.recorder(record);
      await Promise.all([one.flush(), other.flush()]);
      const query = {
        from: 0,
        to: Date.parse("2027-01-01"),
        timeZone: "UTC",
        bucket: "day",
        by: ["provider"],
      } as const;
      expectUsage(await other.usage(query), records, query);
      expect((await one.calls({ limit: 1_000 })).calls).toHaveLength(50);
    });

    it("reopens with everything that was stored", async () => {
      const records = recordsBetween(Date.parse("2026-11-20"), Date.parse("2026-11-21"), 50);
      const opened = await store();
      for (const record of records) opened.recorder(record);
      await opened.close();
      const again = await store();
      const query = { from: 0, to: Date.parse("2027-01-01"), timeZone: "UTC", bucket: "month" } as const;
      expectUsage(await again.usage(query), records, query);
      expect(opened.dropped).toBe(0);
      opened.recorder(records[0] as CallRecord);
      expect(opened.dropped).toBe(1);
    });

    it("erase() forgets a call, or a tenant", async () => {
      const content = { messages: [], text: "t", reasoning: null, toolCalls: [], requests: [] };
      const records = recordsBetween(Date.parse("2026-11-20"), Date.parse("2026-11-21"), 80).map((record) => ({
        ...record,
        content,
      }));
      const opened = await store();
      for (const record of records) opened.recorder(record);
      const [first] = records;
      expect(await opened.erase({ callId: first?.callId ?? "" })).toBe(1);
      expect(await opened.erase({ callId: first?.callId ?? "" })).toBe(0);
      expect(await opened.call(first?.callId ?? "")).toBeNull();
      const left = records.slice(1).filter(({ tenant }) => tenant !== "tenant-1");
      expect(await opened.erase({ tenant: "tenant-1" })).toBe(records.length - 1 - left.length);
      const { calls } = await opened.calls({ limit: 1_000 });
      expect(calls.map(({ callId }) => callId).sort()).toEqual(left.map(({ callId }) => callId).sort());
      const query = {
        from: 0,
        to: Date.parse("2027-01-01"),
        timeZone: "UTC",
        bucket: "month",
        by: ["tenant"],
      } as const;
      const tenants = await opened.usage(query);
      expect(tenants.map(({ group }) => group.tenant)).not.toContain("tenant-1");
      const total = tenants.reduce((sum, { calls: count }) => sum + count, 0);
      expect(total).toBe(engine.hasSums ? records.length : left.length);
    });

    it("prune() removes calls, content and sums after their time", async () => {
      const now = Date.now();
      const dayMs = 86_400_000;
      const content = { messages: [], text: "t", reasoning: null, toolCalls: [], requests: [] };
      const random = createSeededRandom(7);
      const records = [0.5, 5.2, 11.2, 50].map((age) => ({
        ...randomRecord(random, `${age} days old`, Math.floor(now - age * dayMs), mix),
        content,
      }));
      const opened = await store({ keepDays: 10, keepContentDays: 3, keepSumsDays: 20 });
      for (const record of records) opened.recorder(record);
      await opened.flush();
      await opened.prune();
      expect((await opened.calls({ limit: 10 })).calls.map(({ callId }) => callId)).toEqual([
        "0.5 days old",
        "5.2 days old",
      ]);
      expect(await opened.call("0.5 days old")).toHaveProperty("content");
      expect(await opened.call("5.2 days old")).not.toHaveProperty("content");
      const rows = await opened.usage({ from: 0, to: now, timeZone: "UTC", bucket: "month" });
      expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(engine.hasSums ? 3 : 2);
    });

    it("refuses queries that are not valid, with the path of the field", async () => {
      const opened = await store();
      for (const [path, wrong] of [
        ["from", { from: Number.NaN }],
        ["to", { to: -1 }],
        ["timeZone", { timeZone: "Mars/Olympus" }],
        ["bucket", { bucket: "year" }],
        ["by", { by: ["color"] }],
        ["where.color", { where: { color: "red" } }],
        ["top", { top: 0 }],
      ] as const) {
        const query = { from: 0, to: 1, timeZone: "UTC", bucket: "day", ...wrong } as UsageQuery;
        await expect(opened.usage(query)).rejects.toMatchObject({ code: "invalid_input", path });
      }
      for (const [path, query] of [
        ["limit", { limit: 0 }],
        ["before", { limit: 1, before: "not a cursor" }],
      ] as const) {
        await expect(opened.calls(query)).rejects.toMatchObject({ code: "invalid_input", path });
      }
    });
  });
}
