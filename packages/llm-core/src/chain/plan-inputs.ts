import type { ProviderReading } from "../config/read-provider.ts";
import { type ResolvedConfig, resolveConfig } from "../config/resolve-config.ts";
import type { HealthView } from "../health/health-views.ts";
import type { SystemSettings } from "../settings.ts";
import type { Needs } from "./needs.ts";
import { type Chain, planChain } from "./plan-chain.ts";

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
}

/** Plans a chain. Pure, but for what it asks of the providers about their models. */
export function planOf(inputs: PlanInputs): PlannedChain {
  const { pin, needs, health, settingsVersion, settingsWarning } = inputs;
  const { providers, warnings } = resolveConfig(inputs);
  const config = { providers, warnings: settingsWarning === null ? warnings : [...warnings, settingsWarning] };
  const chain = planChain({ config, pin, needs, stateOf: ({ ref }) => health.stateOf(ref) });
  return { chain, providers, settingsVersion };
}
