import type { BudgetRule } from "@babylon/llm-core";
import { createFakeClock } from "@babylon/llm-testing";
import { openSharedState } from "@babylon/shared-state";
import { expect, test } from "vitest";
import { permitOf, toAsk, toAttempt, tokens } from "../test-support/asks.ts";
import { openBudget } from "../test-support/open-budget.ts";
import { signNotice } from "./send-notice.ts";

const SECRET = "secret-of-tests-0123";
const URL_OF_HOOK = "https://hooks.example/budget?token=hidden";
const DAY: BudgetRule = { id: "day", scope: { tenant: "*" }, per: "day", limitTokens: 10_000 };

interface Posted {
  readonly body: { type: string; window: { rule: string; scope: object; spent: number } };
  readonly text: string;
  readonly signature: string;
}

/** A receiver that answers with statuses in turn; the last one repeats. */
function receiver(...statuses: readonly (number | Error)[]) {
  const posted: Posted[] = [];
  const fetch = async (_: unknown, init: RequestInit = {}): Promise<Response> => {
    const status = statuses[Math.min(posted.length, statuses.length - 1)] ?? 200;
    const text = String(init.body);
    posted.push({
      body: JSON.parse(text),
      text,
      signature: new Headers(init.headers).get("x-babylon-signature") ?? "",
    });
    expect(init.redirect).toBe("error");
    if (status instanceof Error) throw status;
    return new Response(null, { status });
  };
  return { posted, fetch: fetch as typeof globalThis.fetch };
}

async function open({ fetch }: ReturnType<typeof receiver>, processes = 1, rule = DAY) {
  const clock = createFakeClock();
  const state = await openSharedState({ url: "memory://", clock });
  const lines: string[] = [];
  const note = (message: string, fields?: object): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { debug: note, info: note, warn: note, error: note };
  const notices = { url: URL_OF_HOOK, secret: SECRET, everyMs: 1_000, fetch };
  const budgets = await Promise.all(
    Array.from({ length: processes }, async () => {
      return (await openBudget({ state, clock, rules: [rule], notices, logger })).budget;
    }),
  );
  const [budget] = budgets;
  if (budget === undefined) throw new Error("no budget");
  async function spend(amount: number, tenant = "acme"): Promise<void> {
    const permit = await permitOf(budget?.gate.admit(toAsk({ tenant })) ?? { why: "", retryAfterMs: null });
    permit.settle(toAttempt({ usage: tokens(60, amount - 60) }));
    await budget?.idle();
  }
  return { budget, state, clock, spend, lines };
}

test("a budget that is near its limit, and then over it, is said once each, and signed", async () => {
  const hook = receiver(200);
  const { clock, spend } = await open(hook, 3);
  await spend(7_000);
  await clock.advance(2_000);
  expect(hook.posted).toEqual([]);
  await spend(1_500);
  await clock.advance(10_000);
  await spend(2_000);
  await clock.advance(10_000);
  expect(hook.posted.map(({ body }) => [body.type, body.window.rule, body.window.scope, body.window.spent])).toEqual([
    ["budget.near", "day", { tenant: "acme" }, 8_500],
    ["budget.over", "day", { tenant: "acme" }, 10_500],
  ]);
  for (const { text, signature } of hook.posted) {
    const seconds = Number(/^t=(\d+),/.exec(signature)?.[1]);
    expect(Math.abs(seconds - clock.now() / 1_000)).toBeLessThan(60);
    expect(signature).toBe(signNotice(SECRET, seconds, text));
  }
});

test("the next window has notices of its own", async () => {
  const hook = receiver(200);
  const { clock, spend } = await open(hook);
  await spend(9_000);
  await clock.advance(2_000);
  await clock.advance(86_400_000);
  await spend(9_000);
  await clock.advance(2_000);
  expect(hook.posted.map(({ body }) => body.type)).toEqual(["budget.near", "budget.near"]);
});

test("a notice that is not taken is sent again, a few times now and later on; what fails is logged without the address", async () => {
  const hook = receiver(500, new TypeError("connection refused"), 503, 503, 503, 200);
  const { clock, spend, lines } = await open(hook);
  await spend(9_000);
  await clock.advance(22_500);
  expect(hook.posted).toHaveLength(4);
  expect(lines.join("\n")).toMatch(/could not be sent/);
  await clock.advance(25_000);
  expect(hook.posted).toHaveLength(6);
  await clock.advance(60_000);
  expect(hook.posted).toHaveLength(6);
  expect(lines.join("\n")).not.toMatch(/hooks.example|hidden|secret/);
});

test("a round sends at most 20 notices, and the next one the others; a paused rule has none", async () => {
  const hook = receiver(200);
  const { clock, spend } = await open(hook);
  for (let tenant = 0; tenant < 25; tenant += 1) await spend(9_000, `tenant-${tenant}`);
  await clock.advance(1_100);
  expect(hook.posted).toHaveLength(20);
  await clock.advance(1_000);
  expect(hook.posted).toHaveLength(25);

  const quiet = receiver(200);
  const paused = await open(quiet, 1, { ...DAY, paused: true });
  await paused.spend(9_000);
  await paused.spend(9_000);
  await paused.clock.advance(5_000);
  expect(quiet.posted).toEqual([]);
});

test("the address is not in the settings: a rule with one is refused", async () => {
  const budgets = [{ ...DAY, url: URL_OF_HOOK }];
  await expect(openBudget({ rules: budgets })).rejects.toMatchObject({ code: "invalid_input", path: "rules[0].url" });
});

test("closing ends the rounds, and a notice that is being sent", async () => {
  const hook = receiver(500);
  const { budget, state, clock, spend } = await open(hook);
  await spend(9_000);
  await clock.advance(1_500);
  await budget.close();
  await clock.advance(60_000);
  expect(hook.posted).toHaveLength(1);
  await state.close();
  expect(clock.pendingTimers()).toBe(0);
});
