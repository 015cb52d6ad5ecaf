import { expect, it } from "vitest";
import type { CallsQuery } from "../contract/calls-query.ts";
import type { UsageQuery } from "../contract/usage-query.ts";
import { planCalls } from "../usage/plan-calls.ts";
import { planUsage } from "../usage/plan-usage.ts";
import type { ClickhouseClient } from "./clickhouse-client.ts";
import { createTable, modifyTable } from "./clickhouse-table.ts";
import { readClickhouseCall, readClickhouseCalls } from "./read-clickhouse-calls.ts";
import { quoteText } from "./sql-text.ts";
import { type Counted, usageStatement } from "./usage-sql.ts";

const DAY_MS = 86_400_000;
const DAY = Date.parse("2026-11-20T00:00:00Z");

/** A client that keeps statements, and returns no rows. */
function createListener() {
  const statements: string[] = [];
  const client: ClickhouseClient = {
    async send({ sql }) {
      statements.push(sql);
      return JSON.stringify({ data: [] });
    },
  };
  return { client, statements };
}

it.each<[what: string, query: CallsQuery, where: string, limit: number]>([
  ["the newest calls", { limit: 50 }, "started_at >= 0 AND line != ''", 51],
  [
    "a page between two times",
    { limit: 1, from: 10.5, to: 20, before: "15~it's" },
    "started_at >= 11 AND started_at < 20 AND started_at <= 15 AND (started_at, call_id) < (15, 'it\\'s') AND line != ''",
    2,
  ],
  [
    "a filter",
    { limit: 5, where: { agent: "a\\b", outcome: ["failed", "interrupted"], tenant: "" } },
    "started_at >= 0 AND line != '' AND agent IN ('a\\\\b') AND outcome IN ('failed', 'interrupted') AND tenant IN ('')",
    6,
  ],
])("the log: %s", async (_, query, where, limit) => {
  const { client, statements } = createListener();
  await readClickhouseCalls(client, planCalls(query));
  expect(statements).toEqual([
    `SELECT started_at, call_id, line FROM babylon_records WHERE ${where} ORDER BY started_at DESC, call_id DESC LIMIT 1 BY started_at, call_id LIMIT ${limit}`,
  ]);
});

it("one call", async () => {
  const { client, statements } = createListener();
  expect(await readClickhouseCall(client, "c'1")).toBeNull();
  expect(statements).toEqual([
    "SELECT line, content FROM babylon_records WHERE call_id = 'c\\'1' AND line != '' ORDER BY started_at DESC LIMIT 1",
  ]);
});

const ATTEMPTS =
  "count(), sum(attempts.failed), sum(attempts.input_tokens), sum(attempts.cached_input_tokens), sum(attempts.cache_write_input_tokens), " +
  "sum(attempts.output_tokens), sum(attempts.reasoning_tokens), sum(attempts.unknown_usage), sum(attempts.nano_usd), sum(attempts.low_nano_usd), " +
  "sum(attempts.unknown_cost)";
const OF_CALLS = ATTEMPTS.replace("count()", "sum(length(attempts.failed))").replaceAll(
  /sum\((attempts\.\w+)\)/g,
  "sum(arraySum($1))",
);
const CALLS =
  "count(), countIf(outcome IN ('failed', 'interrupted')), countIf(outcome = 'aborted'), sum(rescued), sum(fallback)";

const durations = (prefix: string, condition: string): string =>
  `sumMapIf([${prefix}duration_bucket], [toUInt64(1)], ${condition}), minIf(${prefix}duration_ms, ${condition}), maxIf(${prefix}duration_ms, ${condition}), ` +
  ["sumMapIf([FIRST_bucket], [toUInt64(1)], C)", "minIf(FIRST_ms, C)", "maxIf(FIRST_ms, C)"]
    .join(", ")
    .replaceAll("FIRST", `${prefix}first_token`)
    .replaceAll("C)", `${condition} AND isNotNull(${prefix}first_token_ms))`);

const RANGE = `started_at >= ${DAY} AND started_at < ${DAY + 2 * DAY_MS}`;
const PERIOD = `roundDown(started_at, [${DAY}, ${DAY + DAY_MS}]) AS period`;

it.each<[what: string, query: Partial<UsageQuery>, counted: Counted, sql: string]>([
  [
    "all calls",
    {},
    "both",
    `SELECT ${PERIOD}, ${CALLS}, ${OF_CALLS}, ${durations("", "outcome = 'success'")} FROM babylon_records FINAL WHERE ${RANGE} GROUP BY period`,
  ],
  [
    "by agent and outcome, of a tenant",
    { by: ["agent", "outcome"], where: { tenant: ["a'b", ""] } },
    "both",
    `SELECT ${PERIOD}, agent, outcome, ${CALLS}, ${OF_CALLS}, ${durations("", "outcome = 'success'")} FROM babylon_records FINAL ` +
      `WHERE ${RANGE} AND tenant IN ('a\\'b', '') GROUP BY period, agent, outcome`,
  ],
  [
    "by model: calls at the link that answered",
    { by: ["model"], where: { provider: "groq" } },
    "calls",
    `SELECT ${PERIOD}, model, ${CALLS} FROM babylon_records FINAL WHERE ${RANGE} AND provider IN ('groq') GROUP BY period, model`,
  ],
  [
    "by model: attempts at their own link",
    { by: ["model", "agent"], where: { provider: "groq" } },
    "attempts",
    `SELECT ${PERIOD}, attempts.model, agent, ${ATTEMPTS}, ${durations("attempts.", "attempts.succeeded = 1")} ` +
      `FROM babylon_records FINAL ARRAY JOIN attempts WHERE ${RANGE} AND attempts.provider IN ('groq') GROUP BY period, attempts.model, agent`,
  ],
  [
    "no name is accepted",
    { where: { agent: [] } },
    "calls",
    `SELECT ${PERIOD}, ${CALLS} FROM babylon_records FINAL WHERE ${RANGE} AND 0 GROUP BY period`,
  ],
])("usage: %s", (_, query, counted, sql) => {
  const plan = planUsage({ from: DAY, to: DAY + 2 * DAY_MS, timeZone: "UTC", bucket: "day", ...query });
  expect(usageStatement(plan, plan, counted).sql).toBe(sql);
});

it("a span of a query names only its own periods", () => {
  const plan = planUsage({ from: DAY, to: DAY + 30 * DAY_MS, timeZone: "Asia/Kathmandu", bucket: "day" });
  const span = { from: DAY + 3 * DAY_MS, to: DAY + 5 * DAY_MS };
  const [, starts = ""] = /roundDown\(started_at, \[(.*?)\]\)/.exec(usageStatement(plan, span, "calls").sql) ?? [];
  expect(starts.split(", ").map((start) => new Date(Number(start)).toISOString())).toEqual([
    "2026-11-22T18:15:00.000Z",
    "2026-11-23T18:15:00.000Z",
    "2026-11-24T18:15:00.000Z",
  ]);
});

it("the table has the retention of each of its parts, which can be changed", () => {
  const retention = { keepDays: 30, keepContentDays: 0.5, keepSumsDays: 400 };
  const seconds = (sql: string): readonly unknown[] =>
    [...sql.matchAll(/(line|content|\n|MODIFY)[^\n]*? ?TTL .*?toIntervalSecond\((\d+)\)/g)].map(([, , found]) => found);
  expect(seconds(createTable(retention))).toEqual(["2592000", "43200", "34560000"]);
  expect(createTable(retention)).toContain("ENGINE = ReplacingMergeTree\nPARTITION BY intDiv(started_at, 86400000)\n");
  expect(createTable(retention)).toContain("ORDER BY (started_at, call_id)");
  const expires = (days: number): string =>
    `TTL toDateTime((intDiv(started_at, 86400000) + 1) * 86400) + toIntervalSecond(${days * 86_400})`;
  expect(modifyTable(retention)).toBe(
    `ALTER TABLE babylon_records MODIFY COLUMN line String CODEC(ZSTD(3)) ${expires(30)}, ` +
      `MODIFY COLUMN content String CODEC(ZSTD(3)) ${expires(0.5)}, MODIFY ${expires(400)}`,
  );
});

it.each([
  ["plain", "'plain'"],
  ["it's", "'it\\'s'"],
  ["back\\slash", "'back\\\\slash'"],
  ["'; DROP TABLE x; --", "'\\'; DROP TABLE x; --'"],
  ["\\'", "'\\\\\\''"],
  ["a\u0000b", "'a\\0b'"],
])("the text %j is the literal %s", (text, literal) => {
  expect(quoteText(text)).toBe(literal);
});
