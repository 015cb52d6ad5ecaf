import type { Clock } from "@babylon/llm-core";
import { createFakeClock, type FakeClock, fixedPricer } from "@babylon/llm-testing";
import { openSharedState, type SharedState } from "@babylon/shared-state";
import { onTestFinished } from "vitest";
import type { Budget, BudgetOptions } from "../contract/budget.ts";
import { createBudget } from "../create-budget.ts";

/** Options of {@link openBudget}. */
export type OpenBudgetOptions = Partial<BudgetOptions> & { readonly url?: string };

/** A budget in a test. */
export interface OpenedBudget {
  readonly budget: Budget;
  readonly state: SharedState;
}

/** Opens a budget, which is closed at the end of the test. Default: shared state in memory, and a nano-dollar for each attempt. */
export async function openBudget({ url = "memory://", ...options }: OpenBudgetOptions): Promise<OpenedBudget> {
  const clock: Clock | undefined = options.clock;
  const state = options.state ?? (await openSharedState({ url, clock }));
  const budget = createBudget({ pricer: fixedPricer(1), ...options, state });
  onTestFinished(async () => {
    await budget.close();
    if (options.state === undefined) await state.close();
  });
  return { budget, state };
}

/** A budget whose time is moved by the test. */
export async function openTimedBudget(
  options: OpenBudgetOptions,
  startedAt?: number,
): Promise<OpenedBudget & { readonly clock: FakeClock }> {
  const clock = createFakeClock(startedAt);
  return { ...(await openBudget({ ...options, clock })), clock };
}
