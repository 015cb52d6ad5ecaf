/** One finished call, as the page shows it. */
export interface RecentCall {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  readonly agent: string | null;
  readonly purpose: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly attempts: number;
  /** The error's code; `null`: the call succeeded. */
  readonly error: string | null;
}

/** The state that the dashboard shows in addition to the tab. */
export interface DashboardState {
  /** Whether the providers are simulated; then the page can set faults. */
  readonly simulated: boolean;
  /** The simulated providers that have a fault now. */
  readonly broken: readonly string[];
  /** Newest first. */
  readonly calls: readonly RecentCall[];
}
