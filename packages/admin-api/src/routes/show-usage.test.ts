import type { UsageQuery, UsageRow } from "@babylon/record-store/contract";
import { describe, expect, test } from "vitest";
import type { UsageData } from "../contract.ts";
import { startAdmin, TOKEN } from "../test-support/start-admin.ts";

const row = (more: Partial<UsageRow>): UsageRow => ({
  at: 0,
  group: {},
  calls: 1,
  failed: 0,
  aborted: 0,
  rescued: 0,
  fallbacks: 0,
  attempts: 1,
  failedAttempts: 0,
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 5,
  reasoningTokens: 0,
  unknownUsage: 0,
  nanoUsd: 1_234_567_890,
  lowNanoUsd: 1_234_567_890,
  unknownCost: 0,
  latency: { p50: 100, p95: 200, p99: 300 },
  firstToken: { p50: null, p95: null, p99: null },
  ...more,
});

function startWithUsage(rows: readonly UsageRow[] = [], fail: unknown = null) {
  const queries: UsageQuery[] = [];
  const admin = startAdmin({
    records: {
      async usage(query) {
        queries.push(query);
        query.onProgress?.(0.5);
        if (fail !== null) throw fail;
        return rows;
      },
      calls: async () => ({ calls: [], next: null }),
      call: async () => null,
    },
  });
  return { ...admin, queries };
}

test("without records there are no such routes, and the page says so", async () => {
  const { call, data } = startAdmin();
  for (const below of ["/usage", "/calls", "/calls/1"]) {
    expect(await call("GET", below)).toMatchObject({ status: 404, reply: { code: "not_found" } });
  }
  expect((await data("GET")).records).toBe(false);
  expect((await startWithUsage().data("GET")).records).toBe(true);
});

test("the parameters become a query; the periods without calls are listed", async () => {
  const { data, queries } = startWithUsage([row({ group: { agent: "a" } })]);
  const reply = await data<UsageData>(
    "GET",
    "/usage?from=2026-10-24&to=2026-10-27&timeZone=Europe/Berlin&bucket=day&by=agent&top=8&provider=groq&provider=&outcome=failed",
  );
  expect(queries).toMatchObject([
    {
      from: Date.parse("2026-10-23T22:00:00Z"),
      to: Date.parse("2026-10-26T23:00:00Z"),
      timeZone: "Europe/Berlin",
      bucket: "day",
      by: ["agent"],
      where: { provider: ["groq", ""], outcome: ["failed"] },
      top: 8,
    },
  ]);
  // The 25th has 25 hours.
  expect(reply.periods.map((at) => new Date(at).toISOString())).toEqual([
    "2026-10-23T22:00:00.000Z",
    "2026-10-24T22:00:00.000Z",
    "2026-10-25T23:00:00.000Z",
  ]);
  expect(reply.rows).toHaveLength(1);
});

test.each([
  ["last=24h&bucket=hour&timeZone=Asia/Kathmandu", 24],
  ["last=7d&timeZone=America/New_York", 7],
  ["last=30d&timeZone=Europe/Berlin", 30],
  ["last=400d", 400],
  ["last=12mo&bucket=month&timeZone=Pacific/Apia", 12],
  ["last=30d&bucket=all", 1],
  ["", 7],
])("%s covers %i whole periods up to now", async (query, count) => {
  const { data } = startWithUsage();
  const reply = await data<UsageData>("GET", `/usage?${query}`);
  expect(reply.periods).toHaveLength(count);
  expect(reply.periods[0]).toBe(reply.from);
  expect(reply.to).toBe(reply.now + 1);
});

test.each([
  ["timeZone=Mars/Olympus", "timeZone", "IANA"],
  ["from=yesterday", "from", "expected epoch"],
  ["from=2026-02-31", "from", "calendar"],
  ["from=2026-11-30T08:00:00", "from", "expected epoch"],
  ["from=2026-11-02&to=2026-11-01", "to", "not after from"],
  ["from=1900-01-01&to=2026-11-01", "from", "10 years"],
  ["last=7w", "last", "expected a span"],
  ["last=7d&from=2026-11-01", "last", "alternative"],
  ["last=9000d", "last", "10 years"],
  ["last=90d&bucket=hour", "bucket", "more than 1000 periods"],
  ["bucket=week", "bucket", "hour, day, month, all"],
  ["by=provider&by=provider", "by", "twice"],
  ["by=colour", "by", "provider, model"],
  ["by=provider&by=model&by=agent&by=tenant", "by", "at most 3"],
  ["top=0", "top", "1 to 1000"],
  ["top=8&top=9", "top", "once"],
  ["last=400d&by=agent&top=1000", "top", "rows"],
  [`agent=${"a".repeat(600)}`, "agent", "512"],
  ["format=xml", "format", "json or csv"],
  ["colour=red", "colour", "unknown parameter"],
  ["__proto__=1", "__proto__", "unknown parameter"],
])("%s is a 400 that names %s", async (query, field, message) => {
  const { call, queries } = startWithUsage();
  const { status, reply } = await call("GET", `/usage?${query}`);
  expect(status).toBe(400);
  expect(reply).toMatchObject({ code: "invalid_query", issues: [{ path: field }] });
  expect(JSON.stringify(reply)).toContain(message);
  expect(queries).toEqual([]);
});

describe("as CSV", () => {
  const rows = [
    row({ at: Date.parse("2026-10-24T22:00:00Z"), group: { agent: '=HYPERLINK("x"),1' } }),
    row({
      at: Date.parse("2026-10-25T23:00:00Z"),
      group: { agent: "b\nc" },
      nanoUsd: 5,
      unknownCost: 2,
      unknownUsage: 3,
    }),
  ];
  const get = (headers: Record<string, string>, format = "") =>
    startWithUsage(rows).send(
      new Request(`http://admin.test/api/admin/ai-models/usage?by=agent&timeZone=Europe/Berlin${format}`, {
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      }),
    );

  test.each([
    [{ accept: "text/csv" }, ""],
    [{ accept: "application/json" }, "&format=csv"],
  ])("by %j %s", async (headers, format) => {
    const reply = await get(headers, format);
    expect(reply.headers.get("content-type")).toContain("text/csv");
    expect(reply.headers.get("content-disposition")).toContain("usage.csv");
    const [header, first, second] = reply.text.split("\r\n");
    const columns = header?.split(",") ?? [];
    expect(columns.slice(0, 3)).toEqual(["period_start", "agent", "calls"]);
    expect(first).toMatch(/^2026-10-25T00:00:00\+02:00,"'=HYPERLINK\(""x""\),1",1,/);
    expect(second?.startsWith('2026-10-26T00:00:00+01:00,"b\nc",')).toBe(true);
    const values = second?.split(",") ?? [];
    const cellOf = (name: string) => values[columns.indexOf(name)];
    expect(cellOf("known_cost_usd")).toBe("0.000000005");
    expect(cellOf("attempts_with_unknown_cost")).toBe("2");
    expect(cellOf("attempts_with_unknown_usage")).toBe("3");
    expect(cellOf("first_token_p50_ms")).toBe("");
  });
});

describe("with progress", () => {
  const lines = async (admin: ReturnType<typeof startWithUsage>) => {
    const { text, headers } = await admin.send(
      new Request("http://admin.test/api/admin/ai-models/usage", {
        headers: { authorization: `Bearer ${TOKEN}`, accept: "application/x-ndjson, application/json" },
      }),
    );
    expect(headers.get("content-type")).toContain("ndjson");
    return text
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
  };

  test("the last line is the reply", async () => {
    expect(await lines(startWithUsage([row({})]))).toMatchObject([
      { progress: 0.5 },
      { success: true, data: { rows: [{ calls: 1 }] } },
    ]);
  });

  test("a failure is the last line, and is logged", async () => {
    const admin = startWithUsage([], new Error("disk"));
    expect(await lines(admin)).toMatchObject([{ progress: 0.5 }, { success: false, code: "internal" }]);
    expect(admin.logged.at(-1)?.message).toBe("an admin request failed");
  });
});

test("a store that is away is a 503", async () => {
  const { call } = startWithUsage([], Object.assign(new Error("away"), { code: "unavailable" }));
  expect(await call("GET", "/usage")).toMatchObject({ status: 503, reply: { code: "records_unavailable" } });
});
