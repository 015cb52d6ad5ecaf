import type { RecordedRequest, SimulatedProvider } from "@babylon/llm-testing";

/** Trillionths of a dollar per token: dollars per million tokens, times a million. */
interface Rates {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly output: bigint;
}

/** The vendors' prices of the default models, as their pages stated them on 2026-11-29. Copied by hand: the pricer's table is what is tested. */
const RATES: Readonly<Record<SimulatedProvider, Rates>> = {
  wandb: { input: 710_000n, cacheRead: 710_000n, cacheWrite: 0n, output: 710_000n },
  groq: { input: 150_000n, cacheRead: 75_000n, cacheWrite: 0n, output: 600_000n },
  claude: { input: 2_000_000n, cacheRead: 100_000n, cacheWrite: 2_500_000n, output: 10_000_000n },
  openai: { input: 100_000n, cacheRead: 10_000n, cacheWrite: 125_000n, output: 500_000n },
};

/** What a vendor bills for an answer that it sent whole, in billionths of a dollar: from the simulator's log, with BigInt alone. `null`: nothing stated. */
export function billOf({ provider, usage }: RecordedRequest): bigint | null {
  if (usage === null) return null;
  const rates = RATES[provider];
  const read = BigInt(usage.cachedTokens);
  const written = BigInt(usage.cacheWriteTokens);
  const pico =
    (BigInt(usage.inputTokens) - read - written) * rates.input +
    read * rates.cacheRead +
    written * rates.cacheWrite +
    BigInt(usage.outputTokens) * rates.output;
  return (pico + 500n) / 1_000n;
}
