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

/** What is known of the tokens of several attempts. */
export interface KnownUsage {
  /** The sum of the numbers that providers gave: at least this was used. */
  readonly usage: { readonly [Field in keyof Usage]: number };
  /** Attempts of which the input or the output is not known: what they used is not in the sum. */
  readonly unknownAttempts: number;
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

/**
 * The known part of a sum that is `null` as a whole because an attempt did not give its tokens: of `result.attempts`,
 * `error.attempts` or `record.attempts`, or those of many calls.
 */
export function knownUsage(attempts: Iterable<{ readonly usage?: Usage | undefined }>): KnownUsage {
  const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
  let unknownAttempts = 0;
  for (const { usage: given = UNKNOWN_USAGE } of attempts) {
    usage.inputTokens += given.inputTokens ?? 0;
    usage.outputTokens += given.outputTokens ?? 0;
    usage.cachedInputTokens += given.cachedInputTokens ?? 0;
    usage.reasoningTokens += given.reasoningTokens ?? 0;
    if (given.inputTokens === null || given.outputTokens === null) unknownAttempts += 1;
  }
  return { usage, unknownAttempts };
}
