import type { BudgetRule } from "@babylon/llm-core";
import { contention } from "@babylon/llm-testing/vitest";
import { openSharedState } from "@babylon/shared-state";
import { onTestFinished } from "vitest";
import type { Budget } from "../contract/budget.ts";
import type { WhileAway } from "../contract/budget-window.ts";
import { createBudget } from "../create-budget.ts";
import { toAsk, toAttempt, tokens } from "./asks.ts";

/** The limit of the rule of all processes. */
export const LIMIT = 100_000;
const DAY: BudgetRule = { id: "day", scope: "all", per: "day", limitTokens: LIMIT };

/** What a settled attempt needs. */
export const USED = 100;

/** Longer than the 50 ms after which a silent store counts as away, by what a busy machine adds. */
const MAX_DELAY_MS = 120;

/** The same on a machine that others use, too. */
export const maxDelayMs = (): number => MAX_DELAY_MS * contention();

/** One of several processes, with a connection of its own. */
export interface Process {
  readonly budget: Budget;
  /** Makes attempts until one is refused, at most so many; returns what they have used. */
  spend(attempts?: number): Promise<number>;
  /** The longest time that an attempt has waited, milliseconds. */
  longestMs(): number;
  /** The processes that it has seen alive. */
  processes(): number | null;
}

/** Opens one. */
export async function openProcess(url: string, onOutage: WhileAway): Promise<Process> {
  const state = await openSharedState({ url });
  const budget = createBudget({ state, rules: [DAY], onOutage });
  onTestFinished(async () => {
    await budget.close();
    await state.close();
  });
  let longestMs = 0;
  return {
    budget,
    longestMs: () => longestMs,
    processes: () => state.status().processes,
    async spend(attempts = 10_000) {
      let used = 0;
      for (let made = 0; made < attempts; made += 1) {
        const at = performance.now();
        const answer = await budget.gate.admit(toAsk());
        longestMs = Math.max(longestMs, performance.now() - at);
        if ("why" in answer) return used;
        answer.settle(toAttempt({ usage: tokens(60, USED - 60) }));
        used += USED;
      }
      return used;
    },
  };
}

/** The sums of its window, after everything was sent. */
export async function sumsOf({
  budget,
}: Process): Promise<
  readonly { readonly spent: number | null; readonly presumed: number | null; readonly held: number | null }[]
> {
  await budget.idle();
  return (await budget.status()).map(({ spent, presumed, held }) => ({ spent, presumed, held }));
}

/** Whether it knows of no outage. */
export const isBack = ({ budget }: Process): boolean => budget.outage() === null;
