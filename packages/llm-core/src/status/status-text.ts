export { describeStatus, type StatusFacts, type StatusText, type StatusTone, WINDOW_WORDS } from "./describe-status.ts";
export { describeErrorCode } from "./error-words.ts";
export { formatDuration, formatShare } from "./format-figures.ts";
export { formatUsd } from "./format-usd.ts";
