/** Which attempts a budget counts: those that have all of these values. `"*"`: a budget of its own for each value. */
export interface BudgetScope {
  readonly tenant?: string | undefined;
  readonly agent?: string | undefined;
  readonly purpose?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/**
 * When a budget starts anew. `total`: never. `rollingMs`: no window of this length may exceed the limit; one minute to 31 days,
 * in steps of a twenty-fourth of it.
 */
export type BudgetPeriod = "hour" | "day" | "week" | "month" | "total" | { readonly rollingMs: number };

/** A limit of what calls may cost, or of their tokens. It has `limitUsd` or `limitTokens`. */
export interface BudgetRule {
  /** 1 to 64 characters of a-z, A-Z, 0-9, _ and -. Unique in a list; a rule of the settings replaces that of the code with the same id. */
  readonly id: string;
  /** `all`: every attempt. Attempts without a value of a named field are not counted. */
  readonly scope: "all" | BudgetScope;
  readonly per: BudgetPeriod;
  /** An IANA time zone, in which hours, days, weeks (from Monday) and months begin. Default `UTC`. */
  readonly timeZone?: string | undefined;
  /** US dollars, up to 9,000,000. */
  readonly limitUsd?: number | undefined;
  /** Input and output tokens, a whole number. */
  readonly limitTokens?: number | undefined;
  /** The share of the limit, above 0 and at most 1, from which on it is reported as near, and no hedges are started. Default 0.8. */
  readonly warnAt?: number | undefined;
  /** Default `refuse`. `warn`: nothing is refused; status and notices say that the limit is exceeded. */
  readonly atLimit?: "refuse" | "warn" | undefined;
  /** Default false. A paused rule refuses nothing and reports nothing; it goes on counting, so that it is exact when it applies again. */
  readonly paused?: boolean | undefined;
}
