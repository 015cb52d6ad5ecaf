import { describe, expect, test } from "vitest";
import type { WriteOffData } from "../contract.ts";
import { budgetWindow, type MemoryBudget, memoryBudget } from "../test-support/memory-budget.ts";
import { startAdmin } from "../test-support/start-admin.ts";

const { key } = budgetWindow();

test.each([
  ["all that is presumed", {}, undefined, 0, 500_000_000],
  ["a part of it", { presumed: 200_000_000 }, 200_000_000, 300_000_000, 200_000_000],
])("%s is written off; the log has the actor and the amounts", async (_, body, passed, left, amount) => {
  const budget = memoryBudget();
  const { data, logged } = startAdmin({ budget });
  const { window } = await data<WriteOffData>("POST", "/budgets/write-off", { key, ...body });
  expect(window).toMatchObject({ key, presumed: left });
  expect(budget.writtenOff).toEqual([[key, passed]]);
  expect(logged.at(-1)).toMatchObject({
    message: "presumed amounts of a budget were written off",
    fields: { actor: "ana", rule: "month", key, writtenOff: amount, presumedBefore: 500_000_000, unit: "usd" },
  });
});

describe("is refused", () => {
  test.each([
    ["without a key", {}, "key"],
    ["with an empty key", { key: "" }, "key"],
    ["with a long key", { key: "x".repeat(2_001) }, "key"],
    ["with an amount of 0", { key, presumed: 0 }, "presumed"],
    ["with a negative amount", { key, presumed: -1 }, "presumed"],
    ["with a part of a unit", { key, presumed: 1.5 }, "presumed"],
    ["with an amount as text", { key, presumed: "1" }, "presumed"],
    ["with an unknown field", { key, force: true }, "force"],
    ["with a reason that is no text", { key, reason: 5 }, "reason"],
  ])("%s: 400 with the path", async (_, body, path) => {
    const budget = memoryBudget();
    const { call } = startAdmin({ budget });
    expect(await call("POST", "/budgets/write-off", body)).toMatchObject({
      status: 400,
      reply: { code: "invalid_body", issues: [{ path }] },
    });
    expect(budget.writtenOff).toEqual([]);
  });

  test("with the key of no current window: 404", async () => {
    const { call } = startAdmin({ budget: memoryBudget() });
    expect(await call("POST", "/budgets/write-off", { key: "gone" })).toMatchObject({
      status: 404,
      reply: { code: "unknown_budget" },
    });
  });

  test("without the permission to write: 403", async () => {
    const budget = memoryBudget();
    const { call } = startAdmin({ budget, authorize: () => ({ actor: "ana", permissions: ["read"] }) });
    expect(await call("POST", "/budgets/write-off", { key })).toMatchObject({
      status: 403,
      reply: { code: "forbidden" },
    });
    expect(await call("GET", "/budgets")).toMatchObject({ status: 200 });
    expect(budget.writtenOff).toEqual([]);
  });

  test("from another site: 403", async () => {
    const { call } = startAdmin({ budget: memoryBudget() });
    expect(await call("POST", "/budgets/write-off", { key }, { origin: "https://evil.test" })).toMatchObject({
      status: 403,
      reply: { code: "cross_site" },
    });
  });

  test("with a body of more than 64 KiB: 413", async () => {
    const { call } = startAdmin({ budget: memoryBudget() });
    expect(await call("POST", "/budgets/write-off", { key: "x".repeat(70_000) })).toMatchObject({ status: 413 });
  });

  test("more than 30 times a minute: 429 with the time to wait", async () => {
    const { call } = startAdmin({ budget: memoryBudget() });
    for (let at = 0; at < 30; at += 1) expect((await call("POST", "/budgets/write-off", { key })).status).toBe(200);
    expect(await call("POST", "/budgets/write-off", { key })).toMatchObject({
      status: 429,
      reply: { code: "rate_limited", retryAfterMs: 2_000 },
    });
  });

  test.each<readonly [string, (budget: MemoryBudget) => void]>([
    [
      "said by the budget",
      (budget) => Object.assign(budget, { away: { sinceEpochMs: 1, onOutage: "deny", waiting: 0 } }),
    ],
    ["seen by its window", (budget) => Object.assign(budget, { windows: [budgetWindow({ presumed: null })] })],
    [
      "found on the way",
      (budget) => {
        budget.writeOff = () =>
          Promise.reject(Object.assign(new Error("redis://user:secret@host"), { code: "timeout" }));
      },
    ],
  ])("in an outage, %s: 503", async (_, fail) => {
    const budget = memoryBudget();
    fail(budget);
    const { call, logged } = startAdmin({ budget });
    expect(await call("POST", "/budgets/write-off", { key })).toMatchObject({
      status: 503,
      reply: { code: "budgets_unavailable", error: "the store of budgets cannot be reached" },
    });
    expect(JSON.stringify(logged)).not.toContain("secret");
  });
});
