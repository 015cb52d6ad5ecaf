import { type CallRecord, createLLMClient, LLMError } from "@babylon/llm-core";
import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { openRecordStore, type RecordStore } from "@babylon/record-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallData, CallsData, UsageData } from "./contract.ts";
import { startAdmin, TOKEN } from "./test-support/start-admin.ts";

/** 23:45 in UTC: calls of the next quarter of an hour are of the next day there, and not in Berlin. */
const START = Date.parse("2026-11-20T23:45:00Z");
const CALLS = 120;
const STEP_MS = 60_000;

/** The routes above the real SQLite store, over calls of a real client with scripted providers. */
describe("with the SQLite store", () => {
  let store: RecordStore;
  const made: CallRecord[] = [];

  beforeAll(async () => {
    store = await openRecordStore({ url: "sqlite://:memory:", keepDays: 3_650, keepSumsDays: 3_650 });
    const clock = createFakeClock(START);
    let call = 0;
    const fails = () => call % 5 === 0;
    const down = () => new LLMError({ code: "server", message: "down", status: 503 });
    const llm = createLLMClient({
      providers: [
        mockProvider({ id: "wandb", steps: () => (fails() ? { error: down() } : { text: "canary" }) }),
        mockProvider({ id: "groq", steps: () => (call % 30 === 0 ? { error: down() } : { text: "canary" }) }),
      ],
      clock,
      retry: { maxRetries: 0 },
      recordContent: true,
      recorders: [(record) => void made.push(record), store.recorder],
    });
    for (; call < CALLS; call += 1) {
      const agent = `agent-${call % 12}`;
      await llm.generateText({ prompt: "canary", agent, tenant: call % 2 === 0 ? "acme" : undefined }).catch(() => {});
      await clock.advance(STEP_MS);
    }
    await llm.close();
    await store.flush();
    expect(made).toHaveLength(CALLS);
  });
  afterAll(() => store?.close());

  const start = () => startAdmin({ records: store, authorize: () => ({ actor: "ana", permissions: ["read"] }) });
  const usage = (query: string) => start().data<UsageData>("GET", `/usage?from=2026-11-20&to=2026-11-23&${query}`);
  const sum = (
    rows: UsageData["rows"],
    field: "calls" | "failed" | "attempts" | "failedAttempts" | "rescued" | "fallbacks",
  ) => rows.reduce((total, row) => total + row[field], 0);

  test.each(["", "by=provider", "by=model", "by=agent", "by=tenant", "by=purpose", "by=outcome", "by=agent&top=8"])(
    "usage %s is what the client recorded",
    async (query) => {
      const attempts = made.flatMap((record) => record.attempts);
      for (const bucket of ["hour", "day", "month", "all"]) {
        const { rows, periods } = await usage(`bucket=${bucket}&${query}`);
        expect(sum(rows, "calls")).toBe(CALLS);
        expect(sum(rows, "failed")).toBe(made.filter(({ outcome }) => outcome === "failed").length);
        expect(sum(rows, "attempts")).toBe(attempts.length);
        expect(sum(rows, "failedAttempts")).toBe(attempts.filter(({ outcome }) => outcome === "failed").length);
        expect(rows.every(({ at }) => periods.includes(at))).toBe(true);
        if (query.includes("top")) expect(rows.some(({ group }) => group.agent === "(other)")).toBe(true);
      }
    },
  );

  test.each([
    ["UTC", "2026-11-20", 15],
    ["Europe/Berlin", "2026-11-21", CALLS],
    ["America/New_York", "2026-11-20", CALLS],
  ])("a day is the local one: %s", async (timeZone, date, calls) => {
    const { rows } = await usage(`bucket=day&timeZone=${timeZone}`);
    const days = new Map(
      rows.map(({ at, calls: count }) => [new Intl.DateTimeFormat("sv-SE", { timeZone }).format(at), count]),
    );
    expect(days.get(date)).toBe(calls);
  });

  test("filters of several dimensions are read from rows, with progress", async () => {
    const { send } = start();
    const { text } = await send(
      new Request(
        "http://admin.test/api/admin/ai-models/usage?from=2026-11-20&to=2026-11-23&by=agent&tenant=acme&bucket=all",
        {
          headers: { authorization: `Bearer ${TOKEN}`, accept: "application/x-ndjson" },
        },
      ),
    );
    const lines = text.trim().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toEqual({ progress: expect.any(Number) });
    const { data }: { data: UsageData } = JSON.parse(lines.at(-1) ?? "");
    expect(sum(data.rows, "calls")).toBe(CALLS / 2);
    expect(data.rows).toHaveLength(6);
  });

  test("the log has each call once, newest first; each page follows the one before", async () => {
    const { data } = start();
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const path: string = `/calls?limit=50${next === null ? "" : `&before=${encodeURIComponent(next)}`}`;
      const page: CallsData = await data<CallsData>("GET", path);
      seen.push(...page.calls.map(({ callId }) => callId));
      next = page.next;
    } while (next !== null);
    expect(seen).toEqual(made.map(({ callId }) => callId).toReversed());
  });

  test.each([
    ["outcome=failed", (record: CallRecord) => record.outcome === "failed"],
    ["tenant=&agent=agent-1", (record: CallRecord) => record.tenant === null && record.agent === "agent-1"],
    ["provider=groq", (record: CallRecord) => record.provider === "groq"],
    ["search=acme%20agent-10", (record: CallRecord) => record.tenant === "acme" && record.agent === "agent-10"],
  ])("the log filters by %s", async (query, accepts) => {
    const { calls } = await start().data<CallsData>("GET", `/calls?limit=500&${query}`);
    expect(calls.map(({ callId }) => callId)).toEqual(
      made
        .filter(accepts)
        .map(({ callId }) => callId)
        .toReversed(),
    );
    expect(calls.length).toBeGreaterThan(0);
  });

  test("a call has its attempts, and no content in any byte", async () => {
    const { data, send } = start();
    const rescued = made.find(({ attempts, outcome }) => attempts.length === 2 && outcome === "success");
    const { call, contentStored } = await data<CallData>("GET", `/calls/${rescued?.callId}`);
    expect(contentStored).toBe(true);
    expect(call.attempts).toMatchObject([
      { provider: "wandb", outcome: "failed", error: { code: "server", status: 503 } },
      { provider: "groq", kind: "fallback", outcome: "success" },
    ]);
    for (const path of [
      `/calls/${rescued?.callId}`,
      "/calls?limit=500",
      "/usage?by=agent",
      "/usage?format=csv&last=400d",
    ]) {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const { text } = await send(new Request(`http://admin.test/api/admin/ai-models${path}`, { headers }));
      expect(text).not.toContain("canary");
    }
  });

  test("a cursor of another store is a 400 that names it", async () => {
    const { status, reply } = await start().call("GET", "/calls?before=hello");
    expect([status, reply]).toMatchObject([400, { code: "invalid_query", issues: [{ path: "before" }] }]);
  });

  test("a store that is closed is not a failure of this server without a code", async () => {
    const closed = await openRecordStore({ url: "sqlite://:memory:" });
    await closed.close();
    const { status, reply } = await startAdmin({ records: closed }).call("GET", "/usage");
    expect([status, reply]).toMatchObject([503, { code: "records_unavailable" }]);
  });
});
