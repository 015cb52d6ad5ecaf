/**
 * Tokens of one attempt, or the sum over attempts.
 *
 * A number the provider did not tell is `null`, never 0. Sums follow the same rule: with one unknown part the sum is unknown.
 */
export interface Usage {
  /** Tokens of the prompt, those read from or written to a prompt cache included. */
  readonly inputTokens: number | null;
  /** Tokens produced, reasoning included. */
  readonly outputTokens: number | null;
  /** The part of `inputTokens` that was read from a prompt cache. */
  readonly cachedInputTokens: number | null;
  /** The part of `outputTokens` that went into reasoning. */
  readonly reasoningTokens: number | null;
}

/** A usage of which nothing is known. */
export const UNKNOWN_USAGE: Usage = Object.freeze({
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  reasoningTokens: null,
});

/** A usage that is known to be nothing: no request was made. */
export const NO_USAGE: Usage = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  reasoningTokens: 0,
});

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Adds two usages field by field; an unknown field stays unknown. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: add(a.inputTokens, b.inputTokens),
    outputTokens: add(a.outputTokens, b.outputTokens),
    cachedInputTokens: add(a.cachedInputTokens, b.cachedInputTokens),
    reasoningTokens: add(a.reasoningTokens, b.reasoningTokens),
  };
}
