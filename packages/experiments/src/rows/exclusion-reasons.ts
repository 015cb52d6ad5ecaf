import type { ExclusionReason } from "@babylon/llm-core";

const REASONS: Readonly<Record<ExclusionReason, true>> = { pinned: true, "call-models": true, "agent-setting": true };

/** Whether a stored value is a reason for an exclusion. */
export const isExclusionReason = (value: unknown): value is ExclusionReason =>
  typeof value === "string" && Object.hasOwn(REASONS, value);
