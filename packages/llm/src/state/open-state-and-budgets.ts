import type { Budget, BudgetOptions, BudgetRule } from "@babylon/budget";
import {
  type Clock,
  type Env,
  type LazyPricer,
  type Logger,
  type Pricer,
  readEnv,
  type SettingsSource,
} from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";
import { loadPricer } from "./load-pricer.ts";

/** What processes share while they call: a URL, a state of your own, or nothing. */
export type StateOption = string | SharedState | false | undefined;

/** Options of budgets; state, settings, clock and logger are those of the client, and so is the pricer unless one is given. */
export type BudgetsOptions = Omit<BudgetOptions, "state" | "settings" | "clock" | "logger">;

/** Limits of cost and tokens: rules, options, budgets of your own, or none. */
export type BudgetsOption = readonly BudgetRule[] | BudgetsOptions | Budget | false | undefined;

/** What the client has already opened. */
export interface StateContext {
  readonly env: Env;
  readonly settings: SettingsSource;
  readonly pricer: Pricer | LazyPricer | undefined;
  readonly clock: Clock | undefined;
  readonly logger: Logger | undefined;
}

/** What processes share, and the budgets on it. */
export interface OpenedStateAndBudgets {
  /** `null`: nothing is shared. */
  readonly state: SharedState | null;
  /** The state is in the memory of this process, because only budgets needed one. */
  readonly isOwn: boolean;
  /** `null`: there are no budgets. */
  readonly budget: Budget | null;
  /** The pricer of the context, loaded if budgets need it. */
  readonly pricer: Pricer | LazyPricer | undefined;
  close(): Promise<void>;
}

const VARIABLE = "BABYLON_STATE_URL";

/**
 * Opens the shared state of the option, or of `BABYLON_STATE_URL`, and budgets on it: those of the option, and of the settings wherever
 * a state is named. Budgets without a named state have one in memory. Throws a `StorageError` if the state cannot be opened, and
 * `invalid_input` for wrong rules.
 */
export async function openStateAndBudgets(
  stateOption: StateOption,
  budgets: BudgetsOption,
  context: StateContext,
): Promise<OpenedStateAndBudgets> {
  const { env, pricer } = context;
  const named = stateOption === undefined ? readEnv(env, VARIABLE) : stateOption || undefined;
  const given = isBudget(budgets) ? budgets : null;
  const needsBudget = budgets !== false && given === null && (budgets !== undefined || named !== undefined);
  if (named === undefined && !needsBudget)
    return { state: null, isOwn: true, budget: given, pricer, close: async () => {} };

  const isOwn = named === undefined;
  const at = stateOption === undefined ? VARIABLE : "state";
  const state = typeof named === "object" ? named : await openState(named ?? "memory://", at, context);
  const close = async (): Promise<void> => {
    if (state !== named) await state.close();
  };
  if (!needsBudget) return { state, isOwn, budget: given, pricer, close };
  try {
    const loaded = await loadPricer(pricer, context.logger);
    const budget = await createOwn(state, toOptions(budgets), loaded, context);
    return {
      state,
      isOwn,
      budget,
      pricer: loaded,
      async close() {
        await budget.close();
        await close();
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

const isBudget = (option: BudgetsOption): option is Budget => typeof option === "object" && "gate" in option;

const isRules = (option: object): option is readonly BudgetRule[] => Array.isArray(option);

function toOptions(option: BudgetsOption): BudgetsOptions {
  if (option === undefined || option === false || isBudget(option)) return {};
  return isRules(option) ? { rules: option } : option;
}

async function openState(url: string, at: string, { clock }: StateContext): Promise<SharedState> {
  // Loaded here and not above, as are the budgets: a client without them needs none of it.
  const { openSharedState } = await import("@babylon/shared-state");
  return openSharedState({ url, at, clock });
}

async function createOwn(
  state: SharedState,
  options: BudgetsOptions,
  pricer: Pricer | undefined,
  { settings, clock, logger }: StateContext,
): Promise<Budget> {
  const { createBudget } = await import("@babylon/budget");
  return createBudget({ pricer, ...options, state, settings, clock, logger });
}
