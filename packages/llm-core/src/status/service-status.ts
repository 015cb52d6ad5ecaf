import type { Windows } from "../contract/figures.ts";
import type { CallFigures, LossStreak } from "../figures/call-stats.ts";
import type { ServiceState } from "./service-state.ts";

/** The provider with which calls begin that ask for none themselves. */
export interface ServingProvider {
  readonly provider: string;
  /** When the first call began with it, epoch milliseconds. */
  readonly sinceEpochMs: number;
}

/** How the calls of this client fare, in this process. */
export interface ServiceStatus extends ServiceState {
  readonly calls: Windows<CallFigures>;
  /** The calls that were lost since the last one was served; `null`: none. */
  readonly losses: LossStreak | null;
  /** `null`: no call has begun yet. */
  readonly serving: ServingProvider | null;
}
