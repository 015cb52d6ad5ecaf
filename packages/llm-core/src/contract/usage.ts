/** What is used beside tokens of text, or as part of them. */
export type UsageExtra = "webSearches" | "audioInputTokens" | "audioOutputTokens";

/**
 * Tokens of one attempt, or the sum over attempts.
 *
 * A number that the provider did not give is `null`, never 0. Sums follow the same rule: with one unknown part the sum is unknown.
 */
export interface Usage {
  /** Tokens of the prompt, those read from or written to a prompt cache included. */
  readonly inputTokens: number | null;
  /** Tokens produced, reasoning included. */
  readonly outputTokens: number | null;
  /** The part of `inputTokens` that was read from a prompt cache. */
  readonly cachedInputTokens: number | null;
  /** The part of `inputTokens` that was written to a prompt cache. */
  readonly cacheWriteInputTokens: number | null;
  /** The part of `cacheWriteInputTokens` that is kept for an hour instead of five minutes. */
  readonly longCacheWriteInputTokens: number | null;
  /** The part of `outputTokens` that went into reasoning. */
  readonly reasoningTokens: number | null;
  /**
   * What the provider counts apart: searches that its own tools made, and the parts of `inputTokens` and `outputTokens` that are audio.
   * Only numbers above 0; one that is absent was 0 or was not given.
   */
  readonly extras?: Readonly<Partial<Record<UsageExtra, number>>>;
}

/** A usage of which nothing is known. */
export const UNKNOWN_USAGE: Usage = Object.freeze({
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
});

/** A usage that is known to be nothing: no request was made. */
export const NO_USAGE: Usage = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
});

/** An adapter of an earlier version leaves out what it does not know. */
type Count = number | null | undefined;

const add = (a: Count, b: Count): number | null => (a == null || b == null ? null : a + b);

/** Adds two usages field by field; an unknown field stays unknown. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: add(a.inputTokens, b.inputTokens),
    outputTokens: add(a.outputTokens, b.outputTokens),
    cachedInputTokens: add(a.cachedInputTokens, b.cachedInputTokens),
    cacheWriteInputTokens: add(a.cacheWriteInputTokens, b.cacheWriteInputTokens),
    longCacheWriteInputTokens: add(a.longCacheWriteInputTokens, b.longCacheWriteInputTokens),
    reasoningTokens: add(a.reasoningTokens, b.reasoningTokens),
    ...sumOfExtras(a, b),
  };
}

/** The member `extras` of a sum; nothing where neither has one. */
export function sumOfExtras({ extras: a }: Usage, { extras: b }: Usage): Pick<Usage, "extras"> {
  if (a === undefined) return b === undefined ? {} : { extras: b };
  if (b === undefined) return { extras: a };
  const sum: Partial<Record<UsageExtra, number>> = { ...a };
  for (const extra of ["webSearches", "audioInputTokens", "audioOutputTokens"] as const) {
    const more = b[extra];
    if (more !== undefined) sum[extra] = (sum[extra] ?? 0) + more;
  }
  return { extras: sum };
}
