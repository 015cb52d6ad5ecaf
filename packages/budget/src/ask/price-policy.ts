import { invalidInput, isRecord } from "@babylon/llm-core";

/** US dollars per million tokens of models without a known price. */
export interface UnknownRate {
  readonly input: number;
  readonly output: number;
}

/** What happens to an attempt whose price is not known, where a budget in dollars counts it. */
export type UnknownPrice = "deny" | number | UnknownRate;

/** The most per million tokens that anyone may mean; more is a rate per token in the wrong unit. */
const MAX_USD_PER_MTOK = 100_000;

const isRate = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= MAX_USD_PER_MTOK;

/** `null`: attempts without a price are refused. Throws `invalid_input` for anything else than an {@link UnknownPrice}. */
export function checkUnknownPrice(option: UnknownPrice | undefined): UnknownRate | null {
  if (option === undefined || option === "deny") return null;
  if (isRate(option)) return { input: option, output: option };
  if (isRecord(option) && isRate(option.input) && isRate(option.output)) return option;
  throw invalidInput("unknownPrice", `"deny", or US dollars per million tokens (up to ${MAX_USD_PER_MTOK})`);
}

const NANO_PER_USD_PER_MTOK = 1_000;

/** Billionths of a US dollar, rounded up. */
export function nanoAtRate(rate: UnknownRate, inputTokens: number, outputTokens: number): number {
  return Math.ceil((inputTokens * rate.input + outputTokens * rate.output) * NANO_PER_USD_PER_MTOK);
}
