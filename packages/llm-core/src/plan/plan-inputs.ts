import type { Assignment } from "../contract/call-router.ts";
import type { SystemSettings } from "../contract/settings.ts";
import type { HealthView } from "../health/health-views.ts";
import type { Needs } from "./needs.ts";
import { type Chain, planChain } from "./plan-chain.ts";
import type { ProviderReading } from "./read-provider.ts";
import { type Arm, type ResolvedConfig, resolveConfig } from "./resolve-config.ts";
import { UNASSIGNED } from "./routing.ts";

/**
 * Everything that a plan is made from: {@link planOf} gets nothing else. Equal inputs have the same plan, so each field is a value, or
 * an object that is another one when it says something else.
 */
export interface PlanInputs {
  /** The agent that calls, where the settings name it. */
  readonly agent: string | undefined;
  /** The pinned provider. */
  readonly pin: string | undefined;
  readonly needs: Needs;
  readonly settings: SystemSettings;
  readonly settingsVersion: number | null;
  /** What was wrong when the settings were read. */
  readonly settingsWarning: string | null;
  /** Of the experiments that the call is in. */
  readonly arms: readonly Arm[];
  readonly health: HealthView;
  /** In code order. */
  readonly providers: readonly ProviderReading[];
}

/** The chain of a call, with what it was planned from. */
export interface PlannedChain {
  readonly chain: Chain;
  /** Every provider, in the order of the settings. */
  readonly providers: ResolvedConfig["providers"];
  readonly settingsVersion: number | null;
  /** The arms of experiments that it was planned with, as the call was assigned to them. */
  readonly experiments: readonly Assignment[];
}

/** Plans a chain. Pure, but for what it asks of the providers about their models. */
export function planOf(inputs: PlanInputs): PlannedChain {
  const { pin, needs, health, settingsVersion, settingsWarning } = inputs;
  const { providers, warnings } = resolveConfig(inputs);
  const config = { providers, warnings: settingsWarning === null ? warnings : [...warnings, settingsWarning] };
  const chain = planChain({ config, pin, needs, stateOf: ({ ref }) => health.stateOf(ref) });
  return { chain, providers, settingsVersion, experiments: UNASSIGNED };
}
