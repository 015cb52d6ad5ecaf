import { formatUsd } from "@babylon/llm-core/status";

/** A cost in US dollars; `-` if it is not known. */
export const formatCost = (nanoUsd: number | null | undefined): string =>
  nanoUsd === null || nanoUsd === undefined ? "-" : formatUsd(nanoUsd, "exact");
