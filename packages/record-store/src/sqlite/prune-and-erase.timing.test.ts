import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@babylon/llm-core";
import { createSeededRandom } from "@babylon/llm-testing";
import { expect, it, onTestFinished } from "vitest";
import { packRecord } from "../record/pack-record.ts";
import { randomRecord } from "../test-support/random-record.ts";
import { planCalls } from "../usage/plan-calls.ts";
import { openSqliteEngine } from "./open-sqlite-engine.ts";

const DAY_MS = 86_400_000;

async function openEngine() {
  const folder = mkdtempSync(join(tmpdir(), "babylon-prune-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "records.db");
  let now = Date.parse("2026-11-20T00:00:00Z");
  const clock = { ...systemClock, now: () => now };
  const retention = { keepDays: 2, keepContentDays: 1, keepSumsDays: 3 };
  const options = { file, readOnly: false, at: "url", clock, random: Math.random, retention };
  const engine = await openSqliteEngine(options);
  onTestFinished(() => engine.close());
  const pass = (ms: number): number => {
    now += ms;
    return now;
  };
  return { engine, file, pass };
}

const linesOf = (day: number, from: number, count: number): string => {
  const random = createSeededRandom(day);
  return Array.from({ length: count }, (_, at) => {
    const record = randomRecord(random, `d${day}-${at}`, from + Math.floor(random() * DAY_MS), {
      agents: 9,
      tenants: 3,
    });
    return JSON.stringify(packRecord(record));
  }).join("\n");
};

it("prune keeps the file at its size over ten days, while calls are written, in steps of less than 50 ms of CPU", async () => {
  const { engine, file, pass } = await openEngine();
  const sizes: number[] = [];
  let longestMs = 0;
  for (let day = 0; day < 10; day += 1) {
    const from = pass(DAY_MS) - DAY_MS;
    await engine.write({ lines: linesOf(day, from, 1_000), contents: "" });
    let isPruning = true;
    const pruning = engine.prune().finally(() => {
      isPruning = false;
    });
    let writes = 0;
    while (isPruning) {
      // The engine blocks its thread while it removes a step; a turn of the event loop takes as long.
      // CPU time, because the disk of a busy machine may take longer than the work.
      const before = process.cpuUsage();
      await new Promise((resolve) => setImmediate(resolve));
      const { user, system } = process.cpuUsage(before);
      longestMs = Math.max(longestMs, (user + system) / 1_000);
      writes += 1;
      if (writes === 3) await engine.write({ lines: linesOf(100 + day, from, 50), contents: "" });
    }
    await pruning;
    sizes.push(statSync(file).size);
  }
  expect(longestMs).toBeLessThan(50);
  const settled = sizes.slice(4);
  expect(Math.max(...settled)).toBeLessThanOrEqual(Math.min(...settled) * 1.1);
  const { calls } = await engine.calls(planCalls({ limit: 1_000 }));
  expect(calls.length).toBe(1_000);
});

it("erase leaves neither the tenant's name nor its content in the file", async () => {
  const { engine, file, pass } = await openEngine();
  const random = createSeededRandom(1);
  const startedAt = pass(0) - 1_000;
  const record = {
    ...randomRecord(random, "secret-call", startedAt, { agents: 1, tenants: 1 }),
    tenant: "acme-the-tenant",
  };
  const content = { messages: [], text: "the secret plan", reasoning: null, toolCalls: [], requests: [] };
  await engine.write({
    lines: `${JSON.stringify(packRecord(record))}\n${linesOf(1, startedAt - DAY_MS, 300)}`,
    contents: JSON.stringify(["secret-call", startedAt, content]),
  });
  const bytes = (): string => ["", "-wal"].map((suffix) => readFileSync(`${file}${suffix}`, "latin1")).join();
  expect(bytes()).toContain("acme-the-tenant");
  expect(bytes()).toContain("the secret plan");
  // The cache of the sums must not bring the name back.
  await Promise.all([
    engine.erase({ tenant: "acme-the-tenant" }),
    engine.write({ lines: linesOf(2, startedAt - DAY_MS, 50), contents: "" }),
  ]);
  await engine.write({ lines: linesOf(3, startedAt - DAY_MS, 50), contents: "" });
  expect(bytes()).not.toContain("acme-the-tenant");
  expect(bytes()).not.toContain("the secret plan");
});
