/** A webhook that is told when a budget is near its limit, or over it. Only in code: whoever may change settings cannot redirect it. */
export interface NoticeOptions {
  /** `https:`, or `http:` on this machine. */
  readonly url: string;
  /** Signs each notice: `x-babylon-signature` is `t=<epoch seconds>,v1=<HMAC-SHA256 of "t.body", hex>`. At least 16 characters. */
  readonly secret: string;
  /** How often budgets are looked at, milliseconds. Default 10 s. */
  readonly everyMs?: number | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}
