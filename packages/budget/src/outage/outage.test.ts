import type { BudgetRule } from "@babylon/llm-core";
import { createFakeClock, type FakeClock } from "@babylon/llm-testing";
import { describe, expect, test } from "vitest";
import type { Budget } from "../contract/budget.ts";
import type { WhileAway } from "../contract/budget-window.ts";
import { permitOf, refusalOf, toAsk, toAttempt, tokens } from "../test-support/asks.ts";
import { type BreakableState, openBreakableState } from "../test-support/breakable-state.ts";
import { openBudget } from "../test-support/open-budget.ts";

/** An ask is 700 tokens, and 172 after the first reply. */
const DAY: BudgetRule = { id: "day", scope: "all", per: "day", limitTokens: 10_000 };

async function open(onOutage: WhileAway, rules: readonly BudgetRule[] = [DAY]) {
  const clock = createFakeClock();
  const state = await openBreakableState(clock);
  const { budget } = await openBudget({ state, clock, rules, onOutage });
  return { budget, state, clock };
}

const settled = { usage: tokens(60, 10) };

/** Makes attempts until one is refused, and returns how many were made. */
async function spend({ gate }: Budget, attempt = settled): Promise<number> {
  for (let made = 0; made < 1_000; made += 1) {
    const answer = await gate.admit(toAsk());
    if ("why" in answer) return made;
    answer.settle(toAttempt(attempt));
  }
  throw new Error("never refused");
}

async function repair(state: BreakableState, clock: FakeClock): Promise<void> {
  state.repair();
  await clock.advance(2_000);
}

const sums = async ({ status }: Budget) =>
  (await status()).map(({ spent, presumed, held }) => ({ spent, presumed, held }));

describe("while the store is away, and each process has its share", () => {
  test("it spends at most what was left at the last answer, divided by the processes", async () => {
    const { budget, state, clock } = await open("share");
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(60, 2_940) }));
    await budget.idle();
    state.setProcesses(2);
    state.breakDown();
    await refusalOf(budget.gate.admit(toAsk({ kind: "hedge" })));
    // 3,500 of 7,000 are left to this process: 48 attempts of 70, until the 172 of the next one do not fit.
    const made = await spend(budget);
    expect(made).toBe(48);
    expect(budget.outage()).toMatchObject({ onOutage: "share", waiting: 1 });
    expect(budget.gate.peek?.(toAsk())?.why).toMatch(/140 tokens of 10,000 tokens left.*the store of budgets is away/);
    const { why, retryAfterMs } = await refusalOf(budget.gate.admit(toAsk()));
    expect(why).toMatch(/^budget "day": 140 tokens of 10,000 tokens left, this needs up to 172 tokens; the store of/);
    expect(retryAfterMs).toBe(1_000);
    expect(await budget.status()).toMatchObject([{ spent: null, left: 140, level: "unknown" }]);

    await repair(state, clock);
    expect(budget.outage()).toBeNull();
    expect(await sums(budget)).toEqual([{ spent: 3_000 + 48 * 70, presumed: 0, held: 0 }]);
    expect(budget.gate.peek?.(toAsk())).toBeUndefined();
  });

  test("attempts that began before it and end in it are settled exactly, once", async () => {
    const { budget, state, clock } = await open("share");
    const before = await permitOf(budget.gate.admit(toAsk()));
    state.breakDown("unknown");
    before.settle(toAttempt(settled));
    await budget.idle();
    expect(budget.outage()).toMatchObject({ waiting: 1 });
    await repair(state, clock);
    expect(await sums(budget)).toEqual([{ spent: 70, presumed: 0, held: 0 }]);
  });

  test("an attempt whose reservation got no answer is held once, and settled once", async () => {
    const { budget, state, clock } = await open("share");
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt(settled));
    await budget.idle();
    state.breakDown("unknown");
    const during = await permitOf(budget.gate.admit(toAsk()));
    await repair(state, clock);
    expect(await sums(budget)).toEqual([{ spent: 70, presumed: 0, held: 0 }]);
    during.settle(toAttempt(settled));
    await clock.advance(500);
    expect(await sums(budget)).toEqual([{ spent: 140, presumed: 0, held: 0 }]);
  });

  test("it stays on its share until the other processes have sent what they have spent of theirs", async () => {
    const { budget, state, clock } = await open("share");
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(60, 2_940) }));
    await budget.idle();
    state.setProcesses(2);
    state.breakDown();
    await permitOf(budget.gate.admit(toAsk()));
    state.repair();
    await clock.advance(1_000);
    expect(budget.outage()).not.toBeNull();
    expect(await spend(budget)).toBeLessThan(50);
    await clock.advance(1_000);
    expect(budget.outage()).toBeNull();
  });

  test("it stays on its share while the store has lost what others have written, also without an outage", async () => {
    const { budget, state, clock } = await open("share");
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(60, 2_940) }));
    await budget.idle();
    state.setProcesses(2);
    await clock.advance(10_000);
    state.loseWrites();
    const made = await spend(budget);
    expect(made).toBe(48);
    await clock.advance(3_000);
    // What it has spent is in the store already, for the others.
    expect(budget.outage()).toMatchObject({ waiting: 0 });
    expect(await sums(budget)).toEqual([{ spent: 3_000 + 48 * 70, presumed: 0, held: 0 }]);
    await refusalOf(budget.gate.admit(toAsk()));
    state.recover();
    await clock.advance(200);
    expect(budget.outage()).toBeNull();
    await permitOf(budget.gate.admit(toAsk()));
  });

  test("a window of which nothing is known refuses; one that begins in it has the whole limit to divide", async () => {
    const tenant: BudgetRule = { id: "tenant", scope: { tenant: "*" }, per: "hour", limitTokens: 2_000 };
    const { budget, state, clock } = await open("share", [tenant]);
    (await permitOf(budget.gate.admit(toAsk({ tenant: "a" })))).settle(toAttempt(settled));
    await budget.idle();
    state.breakDown();
    await permitOf(budget.gate.admit(toAsk({ tenant: "a" })));
    expect((await refusalOf(budget.gate.admit(toAsk({ tenant: "b" })))).why).toMatch(/what is left is not known/);
    await clock.advance(3_600_000);
    await permitOf(budget.gate.admit(toAsk({ tenant: "b" })));
  });

  test("a process that was never connected refuses", async () => {
    const { budget, state } = await open("share");
    state.breakDown();
    expect((await refusalOf(budget.gate.admit(toAsk()))).why).toBe('budget "day": the store of budgets is away');
  });

  test("a rolling budget has what was left of it", async () => {
    const roll: BudgetRule = { id: "roll", scope: "all", per: { rollingMs: 3_600_000 }, limitTokens: 2_000 };
    const { budget, state, clock } = await open("share", [roll]);
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(60, 440) }));
    await budget.idle();
    state.breakDown();
    await clock.advance(300_000);
    expect(await spend(budget)).toBe(19);
    await repair(state, clock);
    expect(await sums(budget)).toEqual([{ spent: 500 + 19 * 70, presumed: 0, held: 0 }]);
  });
});

test("what is denied while the store is away costs nothing", async () => {
  const { budget, state, clock } = await open("deny");
  (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt(settled));
  await budget.idle();
  state.breakDown("unknown");
  expect(await refusalOf(budget.gate.admit(toAsk()))).toEqual({
    why: 'budget "day": the store of budgets is away',
    retryAfterMs: 1_000,
  });
  expect(budget.gate.peek?.(toAsk())?.why).toMatch(/away$/);
  await repair(state, clock);
  expect(await sums(budget)).toEqual([{ spent: 70, presumed: 0, held: 0 }]);
  await permitOf(budget.gate.admit(toAsk()));
});

test("what is allowed while the store is away is counted afterwards", async () => {
  const { budget, state, clock } = await open("allow");
  state.breakDown();
  for (let made = 0; made < 200; made += 1) {
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt(settled));
  }
  expect(budget.outage()).toMatchObject({ waiting: 1 });
  await repair(state, clock);
  expect(await sums(budget)).toEqual([{ spent: 14_000, presumed: 0, held: 0 }]);
  await refusalOf(budget.gate.admit(toAsk()));
});

test("a replay that is interrupted goes on, and counts nothing twice", async () => {
  const { budget, state, clock } = await open("allow");
  state.breakDown();
  for (let made = 0; made < 3; made += 1) (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt(settled));
  state.repair();
  state.breakDown("unknown");
  // The state looks connected until the first call fails.
  const { status } = state;
  await clock.advance(1_000);
  expect(status().connected).toBe(false);
  await repair(state, clock);
  expect(await sums(budget)).toEqual([{ spent: 210, presumed: 0, held: 0 }]);
});

test("closing a budget replays what is left", async () => {
  const { budget, state } = await open("allow");
  state.breakDown();
  (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt(settled));
  state.repair();
  await budget.close();
  expect(await sums(budget)).toEqual([{ spent: 70, presumed: 0, held: 0 }]);
});
