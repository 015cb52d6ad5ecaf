import { formatUsd } from "@babylon/llm-core/status";

/** A cost in US dollars; `-` if it is not known. */
export const formatCost = (nanoUsd: number | null | undefined): string =>
  nanoUsd === null || nanoUsd === undefined ? "-" : formatUsd(nanoUsd, "exact");

/** A cost in a line of text, which has no column to name it. */
export const costOrUnknown = (nanoUsd: number | null): string =>
  nanoUsd === null ? "cost unknown" : formatCost(nanoUsd);
