import type { Budget } from "@babylon/budget";
import { readEnv } from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { CommandContext } from "../command-context.ts";
import { openCliStore } from "../settings/open-cli-store.ts";

/** The budgets of a command: those of the settings, on the shared state. */
export interface CliBudget {
  readonly budget: Budget;
  readonly state: SharedState;
  close(): Promise<void>;
}

const VARIABLE = "BABYLON_STATE_URL";

/**
 * Opens the shared state of `--state`, else of `BABYLON_STATE_URL`, and the settings. The caller closes both.
 *
 * @throws UsageError if neither is set, or it is in memory
 * @throws StorageError if the state cannot be opened
 */
export async function openCliBudget(context: CommandContext): Promise<CliBudget> {
  const { flags, environment, host } = context;
  const option = textFlag(flags, "state");
  const url = option ?? readEnv(environment.env, VARIABLE);
  if (url === undefined)
    throw new UsageError(`no shared state: set --state or ${VARIABLE}, such as redis://localhost:6379`);
  if (/^memory:/i.test(url))
    throw new UsageError(`budgets in memory:// are known to their process alone: set another URL`);
  const { store } = await openCliStore(context, "read");
  try {
    const { openSharedState } = await import("@babylon/shared-state");
    const { createBudget } = await import("@babylon/budget");
    const at = option === undefined ? VARIABLE : "--state";
    const state = await openSharedState({ url, at, clock: host.clock });
    const budget = createBudget({ state, settings: store, journal: false, clock: host.clock });
    return {
      budget,
      state,
      async close() {
        await budget.close();
        await state.close();
        await store.close();
      },
    };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}
