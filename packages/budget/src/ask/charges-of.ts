import { type Attempt, type AttemptAsk, type Cost, type Pricer, wasRefused } from "@babylon/llm-core";
import type { AskEstimate } from "./estimate-ask.ts";
import type { HighestCost } from "./highest-cost.ts";
import { nanoAtRate, type UnknownRate } from "./price-policy.ts";

/** What an attempt has cost, in one unit: known to be spent, or possibly spent. */
export interface AttemptCharge {
  readonly spent: number;
  readonly presumed: number;
}

/** By unit. */
export interface AttemptCharges {
  readonly tokens: AttemptCharge;
  readonly usd: AttemptCharge;
}

/** What charges are computed with. */
export interface ChargeContext {
  readonly pricer: Pricer | undefined;
  readonly unknownRate: UnknownRate | null;
  readonly highest: HighestCost;
}

const NOTHING: AttemptCharge = { spent: 0, presumed: 0 };

/** Nothing was sent, or the vendor refused before any output. */
const NOT_BILLED: AttemptCharges = { tokens: NOTHING, usd: NOTHING };

const exactly = (spent: number): AttemptCharge => ({ spent, presumed: 0 });
const atMost = (presumed: number): AttemptCharge => ({ spent: 0, presumed });

/**
 * What an ended attempt has cost: exactly, where the provider has reported its usage, also above the estimate; nothing, where nothing was
 * sent or the request was refused; else at most what its request and the output that has arrived may have cost, up to the estimate.
 */
export function chargesOf(
  attempt: Attempt,
  ask: Pick<AttemptAsk, "provider" | "model" | "tenant">,
  estimate: AskEstimate,
  context: ChargeContext,
): AttemptCharges {
  const { usage } = attempt;
  if (usage === undefined && wasRefused(attempt)) return NOT_BILLED;
  const inputTokens = countOf(usage?.inputTokens);
  const outputTokens = countOf(usage?.outputTokens);
  const bound = boundOf(attempt, inputTokens, outputTokens, estimate);
  const isStated = inputTokens !== null && outputTokens !== null;
  return {
    tokens: isStated ? exactly(inputTokens + outputTokens) : atMost(bound.inputTokens + bound.outputTokens),
    usd: costOf(attempt, ask, estimate, bound, isStated, context),
  };
}

/** A count that a provider has stated; `null`: it has not, or it is not one. */
const countOf = (stated: number | null | undefined): number | null =>
  typeof stated === "number" && Number.isSafeInteger(stated) && stated >= 0 ? stated : null;

interface TokenBound {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The most tokens that may be billed: what was stated, else the estimate; of the output what has arrived, a token a character. */
function boundOf(
  { transport, outcome, outputChars }: Attempt,
  input: number | null,
  output: number | null,
  estimate: AskEstimate,
): TokenBound {
  // Of an answer that arrives as a whole, nothing is seen before its end.
  const isUnseen = transport === "json" && outcome !== "success";
  const seen = isUnseen ? estimate.outputTokens : Math.min(outputChars, estimate.outputTokens);
  return { inputTokens: input ?? estimate.inputTokens, outputTokens: output ?? seen };
}

function costOf(
  attempt: Attempt,
  ask: Pick<AttemptAsk, "provider" | "model" | "tenant">,
  { amounts }: AskEstimate,
  { inputTokens, outputTokens }: TokenBound,
  isStated: boolean,
  { pricer, unknownRate, highest }: ChargeContext,
): AttemptCharge {
  const cost = priceOf(pricer, attempt, ask.tenant) ?? attempt.cost;
  if (cost !== undefined && cost.nanoUsd !== null) return exactly(cost.nanoUsd);
  // The operator has set the price of what has none.
  if (isStated && unknownRate !== null && (cost === undefined || cost.source === "none")) {
    return exactly(nanoAtRate(unknownRate, inputTokens, outputTokens));
  }
  const known = cost?.highNanoUsd ?? null;
  if (known !== null) return atMost(known);
  const most = highest.of(ask, inputTokens, outputTokens) ?? amounts.usd ?? 0;
  // What was stated may exceed the estimate; what was not stated is limited by it.
  const limit = isStated || amounts.usd === null ? most : Math.min(most, amounts.usd);
  return atMost(Math.max(limit, cost?.lowNanoUsd ?? 0));
}

/** `undefined` without a pricer, and from one of the caller's own that throws or returns no cost: a hold must be settled all the same. */
function priceOf(pricer: Pricer | undefined, attempt: Attempt, tenant: string | null): Cost | undefined {
  try {
    const cost = pricer?.price(attempt, tenant);
    return cost !== undefined && isAmount(cost.nanoUsd) && isAmount(cost.highNanoUsd) ? cost : undefined;
  } catch {
    return undefined;
  }
}

const isAmount = (value: number | null): boolean => value === null || (Number.isSafeInteger(value) && value >= 0);
