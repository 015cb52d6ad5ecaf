import { type CallRecord, systemClock } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { expect, it, onTestFinished } from "vitest";
import type { UsageQuery } from "../contract/usage-query.ts";
import { packRecord } from "../record/pack-record.ts";
import { randomCallId, randomRecord } from "../test-support/random-record.ts";
import { expectUsage } from "../test-support/record-store-contract.ts";
import { planUsage } from "../usage/plan-usage.ts";
import { openSqliteEngine, type SqliteEngine } from "./open-sqlite-engine.ts";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-11-20T00:00:00Z");
const run = { onProgress: () => {}, signal: new AbortController().signal };
const EMPTY = { lines: "", contents: "" };

const QUESTIONS: readonly Pick<UsageQuery, "by" | "where" | "top">[] = [
  { by: ["agent", "tenant"] },
  { by: ["agent", "outcome", "purpose"] },
  { by: ["provider", "model"], where: { tenant: ["tenant-0", ""] } },
  { by: ["model", "agent"], where: { provider: "groq" } },
  { by: ["agent"], where: { provider: "wandb", outcome: ["failed", "success"] } },
  { where: { agent: "", purpose: ["chat", ""] } },
  { where: { agent: "no such agent", purpose: "chat" } },
];

async function openEngine(now: () => number = () => START + 30 * 24 * HOUR_MS): Promise<SqliteEngine> {
  const engine = await openSqliteEngine({
    file: null,
    readOnly: false,
    at: "url",
    clock: { ...systemClock, now },
    random: Math.random,
    retention: { keepDays: 40, keepContentDays: 7, keepSumsDays: 400 },
  });
  onTestFinished(() => engine.close());
  return engine;
}

function recordsOf(count: number, seed: number, hours = 30): CallRecord[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () =>
    randomRecord(random, randomCallId(random), START + Math.floor(random() * hours * HOUR_MS), {
      agents: 7,
      tenants: 3,
    }),
  );
}

const write = (engine: SqliteEngine, records: readonly CallRecord[]): Promise<void> =>
  engine.write({ lines: records.map((record) => JSON.stringify(packRecord(record))).join("\n"), contents: "" });

/** Each write packs one hour. */
async function packAll(engine: SqliteEngine): Promise<void> {
  for (let hour = 0; hour < 60; hour += 1) await engine.write(EMPTY);
}

async function expectAnswers(engine: SqliteEngine, records: readonly CallRecord[]): Promise<void> {
  for (const question of QUESTIONS) {
    for (const span of [
      { from: START, to: START + 30 * HOUR_MS },
      { from: START + 1_234_567, to: START + 29 * HOUR_MS + 7 },
    ]) {
      const query = { ...span, timeZone: "Asia/Kathmandu", bucket: "day", ...question } as const;
      expectUsage(await engine.usage(planUsage(query), run), records, query);
    }
  }
}

it("packed calls have the answers of the rows, before, while and after hours are packed", async () => {
  const engine = await openEngine();
  const records = recordsOf(900, 1);
  await write(engine, records);
  await expectAnswers(engine, records);
  for (let hour = 0; hour < 12; hour += 1) await engine.write(EMPTY);
  await expectAnswers(engine, records);
  await packAll(engine);
  await expectAnswers(engine, records);
});

it("calls that arrive late, and calls that arrive again, are packed once", async () => {
  const engine = await openEngine();
  const records = recordsOf(400, 1);
  const late = recordsOf(50, 2);
  await write(engine, records);
  await packAll(engine);
  await write(engine, [...late, ...records.slice(0, 100)]);
  await expectAnswers(engine, [...records, ...late]);
  await packAll(engine);
  await expectAnswers(engine, [...records, ...late]);
});

it("calls that were erased are in no packed calls", async () => {
  const engine = await openEngine();
  const records = recordsOf(400, 1);
  await write(engine, records);
  await packAll(engine);
  await engine.erase({ tenant: "tenant-1" });
  const [first] = records.filter(({ tenant }) => tenant !== "tenant-1");
  await engine.erase({ callId: first?.callId ?? "" });
  const left = records.filter((record) => record.tenant !== "tenant-1" && record !== first);
  await expectAnswers(engine, left);
  await packAll(engine);
  await expectAnswers(engine, left);
});

it("calls older than their retention are in no packed calls", async () => {
  let now = START + 40 * HOUR_MS;
  const engine = await openEngine(() => now);
  const records = recordsOf(400, 1);
  await write(engine, records);
  await packAll(engine);
  now = START + (40 * 24 + 10) * HOUR_MS + 5 * 60_000;
  await engine.prune();
  const left = records.filter(({ startedAt }) => startedAt >= now - 40 * 24 * HOUR_MS);
  expect(left.length).toBeLessThan(records.length);
  await expectAnswers(engine, left);
});
