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
  /** The error's code; `null`: it went well. */
  readonly error: string | null;
}

/** What the dashboard shows beside the tab. */
export interface DashboardState {
  /** Whether the providers are simulated; then they can be broken from the page. */
  readonly simulated: boolean;
  /** The simulated providers that are broken now. */
  readonly broken: readonly string[];
  /** Newest first. */
  readonly calls: readonly RecentCall[];
}
