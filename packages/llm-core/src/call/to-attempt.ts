import type { Attempt } from "../attempt.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Usage } from "../usage.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { toAttemptError } from "./to-attempt-error.ts";

/** How an attempt ended. `cancelled`: another link answered first. */
export type AttemptResult = "success" | "cancelled" | LLMError;

/** Why an attempt is cancelled. */
export const LOST = "another link answered first";

const isTold = (usage: Usage | null): usage is Usage =>
  usage !== null && (usage.inputTokens !== null || usage.outputTokens !== null);

const nameOf = (outcome: AttemptResult): Attempt["outcome"] => {
  if (typeof outcome === "string") return outcome;
  return outcome.code === "aborted" ? "aborted" : "failed";
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the record keeps of an attempt that ends now. */
export function toAttempt(attempt: OpenAttempt, outcome: AttemptResult): Attempt {
  const { call, link, setup, place, startedAt, startedMono, firstLifeMs, usage } = attempt;
  const error = typeof outcome === "string" ? null : outcome;
  const ended: Writable<Attempt> = {
    number: place + 1,
    provider: link.provider,
    model: link.model,
    startedAt,
    durationMs: call.clock.monotonic() - startedMono,
    firstTokenMs: firstLifeMs,
    outcome: nameOf(outcome),
    requestId: error?.requestId ?? attempt.requestId,
  };
  if (outcome === "cancelled") ended.error = { code: "aborted", message: LOST, status: null, retryAfterMs: null };
  else if (error !== null) ended.error = toAttemptError(error);
  if (isTold(usage)) ended.usage = usage;
  if (setup.request.responseFormat !== undefined) ended.responseFormat = setup.request.responseFormat;
  if (setup.schemaDialect !== undefined) ended.schemaDialect = setup.schemaDialect;
  return ended;
}
