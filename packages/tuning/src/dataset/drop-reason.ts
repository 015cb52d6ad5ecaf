/**
 * Why a call is not in a dataset, in the order in which it is checked. `failed`: it did not succeed, or was not finished (`length`, a content
 * filter); `stitched`: its answer was joined from several; `no-content`: prompt and answer were not recorded; `source`: its provider is not
 * allowed; `filtered`: `where` returned false; `media`: it has images or documents; `empty`: an answer without text and tool calls;
 * `invalid-tool-call`; `too-long`; `unknown-tokens`: whether it is too long is not known; `not-judged`, `rejected`: by `accept`; `secret`;
 * `duplicate`; `over-limit`: the dataset was full.
 */
export const DROP_REASONS = [
  "failed",
  "stitched",
  "no-content",
  "source",
  "filtered",
  "media",
  "empty",
  "invalid-tool-call",
  "too-long",
  "unknown-tokens",
  "not-judged",
  "rejected",
  "secret",
  "duplicate",
  "over-limit",
] as const;

/** One of the reasons. */
export type DropReason = (typeof DROP_REASONS)[number];
