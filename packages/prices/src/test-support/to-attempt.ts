import { type Attempt, UNKNOWN_USAGE, type Usage } from "@babylon/llm-core";

/** An attempt with a usage, for a pricer. */
export function toAttempt(usage: Partial<Usage> | null, facts: Partial<Attempt> = {}): Attempt {
  const attempt: Attempt = {
    number: 1,
    kind: "first",
    provider: "openai",
    model: "gpt-6-luna",
    transport: "json",
    endpoint: null,
    sent: true,
    startedAt: Date.parse("2026-11-29T12:00:00Z"),
    durationMs: 1,
    firstTokenMs: 1,
    outcome: "success",
    outputChars: 5,
    requestId: null,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
    ...facts,
  };
  return usage === null ? attempt : { ...attempt, usage: { ...UNKNOWN_USAGE, ...usage } };
}
