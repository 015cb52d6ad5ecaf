/** How many tokens the bytes of a request are, by provider and model, learned from replies. */
export interface TokenRates {
  /** An estimate of the input tokens, with a margin. */
  estimate(provider: string, model: string, requestBytes: number): number;
  /** Learns from a reply that states the input tokens. */
  learn(provider: string, model: string, requestBytes: number, inputTokens: number): void;
}

/** Added to what was learned: requests differ. */
const MARGIN = 1.2;

/** Before the first reply: two bytes a token, more than English text, code and most other scripts have. */
const FIRST_RATE = 0.5;

/** A higher rate is learned quickly and a lower one slowly, since an estimate that is too low lets more calls pass than fit. */
const RISE = 0.5;
const FALL = 0.05;

/** A short request says little: a vendor adds tokens of its own to each. */
const MIN_BYTES = 200;

/** Replies do not name these, callers do, so they are few; but not for certain. */
const MAX_MODELS = 2_000;

/** Creates rates that know nothing yet. */
export function createTokenRates(): TokenRates {
  const rates = new Map<string, number>();
  const keyOf = (provider: string, model: string): string => `${provider} ${model}`;

  return {
    estimate(provider, model, requestBytes) {
      const rate = rates.get(keyOf(provider, model)) ?? FIRST_RATE;
      return Math.ceil(requestBytes * rate * MARGIN);
    },
    learn(provider, model, requestBytes, inputTokens) {
      if (requestBytes < MIN_BYTES || !(inputTokens > 0)) return;
      const key = keyOf(provider, model);
      const seen = inputTokens / requestBytes;
      const known = rates.get(key);
      if (known === undefined && rates.size >= MAX_MODELS) rates.clear();
      rates.set(key, known === undefined ? seen : known + (seen - known) * (seen > known ? RISE : FALL));
    },
  };
}
