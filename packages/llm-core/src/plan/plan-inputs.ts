import type { Assignment } from "../contract/call-router.ts";
import type { SystemSettings } from "../contract/settings.ts";
import type { HealthView } from "../health/health-views.ts";
import type { Needs } from "./needs.ts";
import { type Chain, planChain } from "./plan-chain.ts";
import type { ProviderReading } from "./read-provider.ts";
import { type Arm, type ResolvedConfig, resolveConfig } from "./resolve-config.ts";
import { NO_ASSIGNMENTS } from "./routing.ts";

/**
 * All inputs of a plan, and its key in the plan cache: {@link planOf} depends on nothing else. Each field is a value, or an immutable
 * object that is replaced when it changes.
 */
export interface PlanInputs {
  /** The calling agent, if the settings name it. */
  readonly agent: string | undefined;
  /** The pinned provider. */
  readonly pin: string | undefined;
  readonly needs: Needs;
  readonly settings: SystemSettings;
  readonly settingsVersion: number | null;
  /** Why the settings could not be read; `null`: they were. */
  readonly settingsWarning: string | null;
  /** The experiment arms of the call. */
  readonly arms: readonly Arm[];
  readonly health: HealthView;
  /** In code order. */
  readonly providers: readonly ProviderReading[];
}

/** The chain of a call, with the resolved providers. */
export interface PlannedChain {
  readonly chain: Chain;
  /** Every provider, in the order of the settings. */
  readonly providers: ResolvedConfig["providers"];
  readonly settingsVersion: number | null;
  /** The experiment assignments of the call. */
  readonly experiments: readonly Assignment[];
}

/** Plans a chain. Pure, except that it calls `capabilities()` of the providers. */
export function planOf(inputs: PlanInputs): PlannedChain {
  const { pin, needs, health, settingsVersion, settingsWarning } = inputs;
  const { providers, warnings } = resolveConfig(inputs);
  const config = { providers, warnings: settingsWarning === null ? warnings : [...warnings, settingsWarning] };
  const chain = planChain({ config, pin, needs, stateOf: ({ ref }) => health.stateOf(ref) });
  return { chain, providers, settingsVersion, experiments: NO_ASSIGNMENTS };
}
