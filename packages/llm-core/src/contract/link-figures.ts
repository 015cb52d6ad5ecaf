/** What the last calls of a link were like: at most 64, none older than five minutes. */
export interface LinkFigures {
  readonly calls: number;
  /** 0 to 1; `null` without calls. */
  readonly successRate: number | null;
  readonly firstTokenMs: { readonly p50: number; readonly p95: number } | null;
  readonly durationMs: { readonly p50: number; readonly p95: number } | null;
}
