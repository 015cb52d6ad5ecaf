import type { CallSummary } from "@babylon/admin-api/contract";
import { formatUsd } from "@babylon/llm-core/status";
import type { ProviderWords, Tone } from "./describe-provider.ts";
import { formatCount } from "./format-count.ts";

const LABELS = {
  success: "Successful",
  failed: "Failed",
  aborted: "Canceled",
  cancelled: "Canceled",
  interrupted: "Interrupted",
} as const;

const TONES: Readonly<Record<keyof typeof LABELS, Tone>> = {
  success: "good",
  failed: "bad",
  aborted: "off",
  cancelled: "off",
  interrupted: "warn",
};

/** The outcome of a call or of an attempt in words. Pure. */
export function describeOutcome(outcome: keyof typeof LABELS, code?: string | undefined): ProviderWords {
  const tone = TONES[outcome];
  return { tone, label: LABELS[outcome], detail: outcome === "success" || code === undefined ? null : code };
}

/** The bounds of an unknown cost in words; `null`: none are known, or the cost is. Pure. */
export function describeBounds(cost: CallSummary["cost"]): string | null {
  if (cost === undefined || cost.nanoUsd !== null) return null;
  const { lowNanoUsd, highNanoUsd } = cost;
  if (highNanoUsd !== null) return `${formatUsd(lowNanoUsd)} to ${formatUsd(highNanoUsd)}`;
  return lowNanoUsd > 0 ? `at least ${formatUsd(lowNanoUsd)}` : null;
}

/** A cost in words, without bounds. Pure. */
export const describeKnownCost = (cost: CallSummary["cost"]): string =>
  cost?.nanoUsd == null ? "unknown" : formatUsd(cost.nanoUsd);

/** A cost in words; an unknown one with the bounds that are known. Pure. */
export function describeCost(cost: CallSummary["cost"]): string {
  const bounds = describeBounds(cost);
  return bounds === null ? describeKnownCost(cost) : `unknown, ${bounds}`;
}

/** A number of tokens in words. */
export const describeTokens = (count: number | null | undefined): string =>
  count == null ? "unknown" : formatCount(count);
