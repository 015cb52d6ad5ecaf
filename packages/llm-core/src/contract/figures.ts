/** The median and the 95th percentile, milliseconds, at most 1.1 % off. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** Figures of some calls or attempts. */
export interface Figures {
  readonly calls: number;
  readonly succeeded: number;
  /** 0 to 1; `null` without calls. */
  readonly successRate: number | null;
  /** Of the calls that succeeded; `null` without any. */
  readonly durationMs: Spread | null;
  /** From the start to the first part of the answer, of the calls that succeeded and had one; `null` without any. */
  readonly firstTokenMs: Spread | null;
}

/** The windows of time that figures are kept for. */
export type WindowName = "lastMinute" | "last5Minutes" | "lastHour";

/** Something of each window. */
export type Windows<T> = Readonly<Record<WindowName, T>>;
