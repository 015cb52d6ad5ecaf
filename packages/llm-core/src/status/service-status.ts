import type { Windows } from "../contract/figures.ts";
import type { CallFigures, LossStreak } from "../figures/call-stats.ts";
import type { ServiceState } from "./service-state.ts";

/** The first provider of calls that do not choose one. */
export interface ServingProvider {
  readonly provider: string;
  /** When the first call started with it, epoch milliseconds. */
  readonly sinceEpochMs: number;
}

/** The state of the calls of this client, in this process. */
export interface ServiceStatus extends ServiceState {
  readonly calls: Windows<CallFigures>;
  /** The calls lost since the last served one; `null`: none. */
  readonly losses: LossStreak | null;
  /** `null`: no call has started yet. */
  readonly serving: ServingProvider | null;
}
