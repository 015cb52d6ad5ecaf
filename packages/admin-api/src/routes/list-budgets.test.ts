import type { UsageQuery, UsageRow } from "@babylon/record-store/contract";
import { describe, expect, test } from "vitest";
import type { AdminRecords } from "../admin-shapes.ts";
import type { BudgetsData } from "../contract.ts";
import { budgetWindow, memoryBudget } from "../test-support/memory-budget.ts";
import { memoryRecords } from "../test-support/memory-records.ts";
import { startAdmin } from "../test-support/start-admin.ts";

const row = (group: UsageRow["group"], more: Partial<UsageRow> = {}): UsageRow => ({
  at: 0,
  group,
  calls: 1,
  failed: 0,
  aborted: 0,
  rescued: 0,
  fallbacks: 0,
  attempts: 2,
  failedAttempts: 0,
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 5,
  reasoningTokens: 0,
  unknownUsage: 0,
  nanoUsd: 1_000,
  lowNanoUsd: 1_000,
  unknownCost: 0,
  latency: { p50: null, p95: null, p99: null },
  firstToken: { p50: null, p95: null, p99: null },
  ...more,
});

/** Records whose usage is given, and their queries. */
function recordsWith(usage: (query: UsageQuery) => readonly UsageRow[]): AdminRecords & { queries: UsageQuery[] } {
  const queries: UsageQuery[] = [];
  return {
    ...memoryRecords([]),
    queries,
    async usage(query) {
      queries.push(query);
      return usage(query);
    },
  };
}

const window = (rule: string, used: number, more: Parameters<typeof budgetWindow>[0] = {}) =>
  budgetWindow({ key: rule, rule, left: (1 - used) * 10e9, ...more });

test("without budgets there are no such routes, and the page says so", async () => {
  const { call, data } = startAdmin();
  expect(await call("GET", "/budgets")).toMatchObject({ status: 404, reply: { code: "not_found" } });
  expect(await call("POST", "/budgets/write-off", { key: "x" })).toMatchObject({ status: 404 });
  expect((await data("GET")).budgets).toBeNull();
});

test("the windows come with the most used first, and with the rules of the code", async () => {
  const rules = [{ id: "month", scope: "all", per: "month", limitUsd: 10 }] as const;
  const away = window("c", 0, { spent: null, presumed: null, held: null, left: null, level: "unknown" });
  const { data } = startAdmin({ budget: memoryBudget([window("a", 0.2), away, window("b", 1.1)], rules) });
  const reply = await data<BudgetsData>("GET", "/budgets");
  expect(reply.windows.map(({ key }) => key)).toEqual(["b", "a", "c"]);
  expect(reply).toMatchObject({ total: 3, outage: null, rulesOfCode: rules, spenders: null, recordsAway: false });
});

test("of many windows the most used are sent, with the number of all", async () => {
  const { data } = startAdmin({
    budget: memoryBudget(Array.from({ length: 700 }, (_, at) => window(`w${at}`, at / 700))),
  });
  const reply = await data<BudgetsData>("GET", "/budgets");
  expect([reply.windows.length, reply.windows[0]?.key, reply.total]).toEqual([500, "w699", 700]);
});

describe("the page", () => {
  test("has the number of windows by level, and those over or near their limits", async () => {
    const windows = [
      window("ok", 0.1),
      window("near", 0.9, { level: "near" }),
      ...[1, 2, 3].map((at) => window(`over${at}`, at, { level: "over" })),
    ];
    const { data } = startAdmin({ budget: memoryBudget(windows) });
    const { budgets } = await data("GET");
    expect(budgets?.levels).toEqual({ ok: 1, near: 1, over: 3, unknown: 0 });
    expect(budgets?.worst.map(({ key }) => key)).toEqual(["over3", "over2", "over1"]);
  });

  test("is shown although the budgets cannot be read; their outage is in it", async () => {
    const budget = memoryBudget();
    budget.fail = new Error("redis://user:secret@host");
    budget.away = { sinceEpochMs: 1, onOutage: "share", waiting: 2 };
    const { data, logged } = startAdmin({ budget });
    expect((await data("GET")).budgets).toEqual({
      levels: { ok: 0, near: 0, over: 0, unknown: 0 },
      worst: [],
      outage: budget.away,
    });
    expect(JSON.stringify(logged)).not.toContain("secret");
  });
});

describe("who spends", () => {
  const usage = ({ by }: UsageQuery): readonly UsageRow[] => {
    const [dimension = "agent"] = by ?? [];
    return Array.from({ length: 7 }, (_, at) =>
      row({ [dimension]: `${dimension}-${at}` }, at === 6 ? { unknownCost: 2 } : { nanoUsd: at, unknownCost: at % 2 }),
    );
  };

  test("is in the five most used windows, by agent and by tenant, the largest first", async () => {
    const records = recordsWith(usage);
    const windows = Array.from({ length: 6 }, (_, at) => window(`w${at}`, 1 - at / 10));
    const { data } = startAdmin({ records, budget: memoryBudget(windows) });
    const { spenders } = await data<BudgetsData>("GET", "/budgets");
    expect(spenders?.map(({ key }) => key)).toEqual(["w0", "w1", "w2", "w3", "w4"]);
    expect(spenders?.[0]?.agents).toEqual([
      { name: "agent-5", amount: 5, unknown: 1 },
      { name: "agent-4", amount: 4, unknown: 0 },
      { name: "agent-3", amount: 3, unknown: 1 },
      { name: "agent-2", amount: 2, unknown: 0 },
      { name: "agent-1", amount: 1, unknown: 1 },
    ]);
    expect(spenders?.[0]?.tenants[0]?.name).toBe("tenant-5");
  });

  test("is that of the windows that the query names, in their time, scope and unit", async () => {
    const records = recordsWith(() => [row({ agent: "a" }, { unknownUsage: 2 }), row({ agent: "b" })]);
    const acme = window("acme", 0.5, {
      scope: { tenant: "acme", provider: "groq" },
      unit: "tokens",
      timeZone: "Asia/Kathmandu",
    });
    const { data, clock } = startAdmin({ records, budget: memoryBudget([window("all", 1), acme]) });
    const { spenders } = await data<BudgetsData>("GET", "/budgets?spenders=acme&spenders=gone");
    expect(spenders).toEqual([
      {
        key: "acme",
        agents: [
          { name: "b", amount: 15, unknown: 0 },
          { name: "a", amount: null, unknown: 2 },
        ],
        tenants: [],
      },
    ]);
    expect(records.queries).toMatchObject([
      {
        from: Math.max(acme.startsAt ?? 0, clock.now() - 400 * 86_400_000),
        to: clock.now() + 1,
        timeZone: "Asia/Kathmandu",
        bucket: "all",
        by: ["agent"],
        where: { tenant: "acme", provider: "groq" },
      },
    ]);
  });

  test("is read again after 15 seconds", async () => {
    const records = recordsWith(usage);
    const { data, clock } = startAdmin({ records, budget: memoryBudget() });
    for (const expected of [2, 2, 4]) {
      await data("GET", "/budgets");
      expect(records.queries).toHaveLength(expected);
      await clock.advance(8_000);
    }
  });

  test.each([
    ["away", Object.assign(new Error("away"), { code: "unavailable" }), 200],
    ["broken", new Error("broken"), 500],
  ])("with records that are %s: HTTP %s", async (_, thrown, status) => {
    const records = recordsWith(() => {
      throw thrown;
    });
    const { call } = startAdmin({ records, budget: memoryBudget() });
    const { status: found, reply } = await call<BudgetsData>("GET", "/budgets");
    expect(found).toBe(status);
    if (reply.success) expect(reply.data).toMatchObject({ spenders: null, recordsAway: true, total: 1 });
  });
});

test.each([
  ["colour=red", "colour", "unknown parameter"],
  [`spenders=${"x".repeat(2_001)}`, "spenders", "2000"],
  [Array.from({ length: 21 }, (_, at) => `spenders=${at}`).join("&"), "spenders", "at most 20"],
])("%.30s is a 400 that names %s", async (query, field, message) => {
  const { status, reply } = await startAdmin({ budget: memoryBudget() }).call("GET", `/budgets?${query}`);
  expect([status, reply]).toMatchObject([400, { code: "invalid_query", issues: [{ path: field }] }]);
  expect(JSON.stringify(reply)).toContain(message);
});
