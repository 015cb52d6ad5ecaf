/** Usage that vendors count separately. */
export type UsageExtra = "webSearches" | "audioInputTokens" | "audioOutputTokens";

/**
 * Tokens of one attempt, or the sum over attempts.
 *
 * A number that the provider did not report is `null`, never 0. A sum with an unknown part is `null`.
 */
export interface Usage {
  /** Tokens of the prompt, including those read from or written to a prompt cache. */
  readonly inputTokens: number | null;
  /** Generated tokens, including reasoning. */
  readonly outputTokens: number | null;
  /** The part of `inputTokens` that was read from a prompt cache. */
  readonly cachedInputTokens: number | null;
  /** The part of `inputTokens` that was written to a prompt cache. */
  readonly cacheWriteInputTokens: number | null;
  /** The part of `cacheWriteInputTokens` with a time to live of one hour instead of five minutes. */
  readonly longCacheWriteInputTokens: number | null;
  /** The part of `outputTokens` that is reasoning. */
  readonly reasoningTokens: number | null;
  /**
   * Separate counts: web searches of the provider's own tools, and the parts of `inputTokens` and `outputTokens` that are audio. Only
   * numbers above 0; an absent one was 0 or was not reported.
   */
  readonly extras?: Readonly<Partial<Record<UsageExtra, number>>>;
}

/** A usage without any known number. */
export const UNKNOWN_USAGE: Usage = Object.freeze({
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
});

/** The usage of an attempt without a request: zero. */
export const NO_USAGE: Usage = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
});

/** `undefined`: an adapter built for an earlier version does not have the field. */
type Count = number | null | undefined;

const add = (a: Count, b: Count): number | null => (a == null || b == null ? null : a + b);

/** Adds two usages field by field; a sum with an unknown part is unknown. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: add(a.inputTokens, b.inputTokens),
    outputTokens: add(a.outputTokens, b.outputTokens),
    cachedInputTokens: add(a.cachedInputTokens, b.cachedInputTokens),
    cacheWriteInputTokens: add(a.cacheWriteInputTokens, b.cacheWriteInputTokens),
    longCacheWriteInputTokens: add(a.longCacheWriteInputTokens, b.longCacheWriteInputTokens),
    reasoningTokens: add(a.reasoningTokens, b.reasoningTokens),
    ...addExtras(a, b),
  };
}

/** The `extras` of a sum; empty if neither usage has any. */
export function addExtras({ extras: a }: Usage, { extras: b }: Usage): Pick<Usage, "extras"> {
  if (a === undefined) return b === undefined ? {} : { extras: b };
  if (b === undefined) return { extras: a };
  const sum: Partial<Record<UsageExtra, number>> = { ...a };
  for (const extra of ["webSearches", "audioInputTokens", "audioOutputTokens"] as const) {
    const count = b[extra];
    if (count !== undefined) sum[extra] = (sum[extra] ?? 0) + count;
  }
  return { extras: sum };
}
