import { type Attempt, type CallRecord, type Clock, createLLMClient } from "@babylon/llm-core";
import { type RecordedRequest, spawnProviderSimulator } from "@babylon/llm-testing";
import { createRequestFinder } from "@babylon/llm-testing/vitest";
import { createPricer } from "@babylon/prices";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { openSharedState } from "@babylon/shared-state";
import { billOf } from "../../../../telemetry/src/test-support/soak/bill-of.ts";
import { callInWays, faultRules } from "../../../../telemetry/src/test-support/soak/call-in-ways.ts";
import type { BudgetWindow } from "../../contract/budget-window.ts";
import { createBudget } from "../../create-budget.ts";

/** Options of {@link runBudgetSoak}. */
export interface BudgetSoakOptions {
  readonly calls: number;
  readonly concurrency: number;
  /** The URL of the shared state. */
  readonly url: string;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Milliseconds by which the clock of the process is wrong. */
  readonly clockOffMs?: number;
}

/** What a soak has counted. Costs are in billionths of a dollar. */
export interface BudgetSoakReport {
  /** Five seconds after the last call, or sooner if nothing is held. */
  readonly windows: readonly BudgetWindow[];
  /** The bills of replies whose usage the attempt has reported. */
  readonly billed: bigint;
  /** Input and output tokens of these. */
  readonly tokens: bigint;
  /** The bills of the other replies: nobody has told the client. */
  readonly untold: bigint;
  readonly attempts: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly hedges: number;
}

/** Nothing may be held after this time. */
const SETTLED_AFTER_MS = 5_000;

const hasUsage = ({ usage }: Attempt): boolean =>
  usage !== undefined && usage.inputTokens !== null && usage.outputTokens !== null;

/**
 * Makes calls with faults on three in ten requests, hedges, aborts, throwing observers, abandoned and never-read streams against a simulator of its
 * own process, and compares the sums of budgets with the bills of the simulator.
 */
export async function runBudgetSoak({
  calls,
  concurrency,
  url,
  random,
  clockOffMs = 0,
}: BudgetSoakOptions): Promise<BudgetSoakReport> {
  await using server = await spawnProviderSimulator({ seed: 1, faults: faultRules() });
  const clock: Clock = {
    now: () => Date.now() + clockOffMs,
    monotonic: () => performance.now(),
    setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
    clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  };
  const state = await openSharedState({ url, clock });
  const pricer = createPricer();
  const budget = createBudget({
    state,
    pricer,
    clock,
    rules: [
      { id: "all", scope: "all", per: "total", limitUsd: 1_000_000 },
      { id: "tokens", scope: "all", per: "total", limitTokens: 1e12 },
      {
        id: "tenant",
        scope: { tenant: "*", provider: "*" },
        per: "month",
        timeZone: "Europe/Berlin",
        limitUsd: 1_000_000,
      },
      { id: "roll", scope: "all", per: { rollingMs: 86_400_000 }, limitTokens: 1e12 },
    ],
  });
  const records: CallRecord[] = [];
  const broken = (): never => {
    throw new Error("an observer that throws");
  };
  const llm = createLLMClient({
    providers: [wandb(), groq(), claude(), openai()],
    env: { ...server.env },
    random,
    gates: [budget.gate],
    observers: [{ begin: () => ({ attempt: () => ({ run: (send) => send(), end: broken }), end: broken }) }],
    recorders: [(record) => void records.push(record)],
    pricer,
    clock,
    timeouts: { firstTokenMs: 400, idleMs: 400, attemptMs: 500, totalMs: 20_000 },
    retry: { baseDelayMs: 10, maxDelayMs: 50 },
    breaker: { coolDownMs: 200, maxCoolDownMs: 1_000, maxRestMs: 50 },
  });

  let next = 0;
  async function worker(): Promise<void> {
    while (next < calls) {
      const number = next;
      next += 1;
      await callInWays(llm, number, random);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  const endedAt = performance.now();
  const isSettled = (): boolean => budget.outage() === null && windows.every(({ held }) => held === 0);
  await budget.idle();
  let windows = await budget.status();
  while (!isSettled() && performance.now() - endedAt < SETTLED_AFTER_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await budget.idle();
    windows = await budget.status();
  }
  await llm.close();
  await budget.close();
  await state.close();
  return { ...compare(records, await server.requests()), windows };
}

function compare(
  records: readonly CallRecord[],
  requests: readonly RecordedRequest[],
): Omit<BudgetSoakReport, "windows"> {
  const requestOf = createRequestFinder(requests.filter(({ endpoint }) => endpoint === "chat"));
  const attempts = records.flatMap((record) => record.attempts);
  const outcomes: Record<string, number> = {};
  let billed = 0n;
  let tokens = 0n;
  let untold = 0n;
  for (const attempt of attempts) {
    outcomes[attempt.outcome] = (outcomes[attempt.outcome] ?? 0) + 1;
    const request = requestOf(attempt);
    const bill = request === null ? null : billOf(request);
    if (!hasUsage(attempt)) untold += bill ?? 0n;
    else if (request?.usage == null || bill === null) throw new Error(`no bill of an attempt of ${attempt.provider}`);
    else {
      billed += bill;
      tokens += BigInt(request.usage.inputTokens + request.usage.outputTokens);
    }
  }
  const hedges = attempts.filter(({ kind }) => kind === "hedge").length;
  return { billed, tokens, untold, attempts: attempts.length, outcomes, hedges };
}
