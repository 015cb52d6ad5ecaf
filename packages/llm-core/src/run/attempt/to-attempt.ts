import type { Attempt } from "../../contract/attempt.ts";
import type { Usage } from "../../contract/usage.ts";
import type { AttemptInput } from "./attempt-input.ts";
import { type AttemptResult, LOST_RACE_MESSAGE } from "./attempt-result.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { toAttemptError } from "./to-attempt-error.ts";

const hasTokenCounts = (usage: Usage | null): usage is Usage =>
  usage !== null && (usage.inputTokens !== null || usage.outputTokens !== null);

const nameOf = (outcome: AttemptResult): Attempt["outcome"] => {
  if (typeof outcome === "string") return outcome;
  return outcome.code === "aborted" ? "aborted" : "failed";
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function enterError(attempt: Writable<Attempt>, outcome: AttemptResult): void {
  if (outcome === "cancelled")
    attempt.error = { code: "aborted", message: LOST_RACE_MESSAGE, status: null, retryAfterMs: null };
  else if (outcome !== "success") attempt.error = toAttemptError(outcome);
}

/** The record with which permits are settled when the attempt was not made. */
export function toUnmadeAttempt(
  { call, number, kind, transport, link }: AttemptInput<unknown>,
  outcome: AttemptResult,
): Attempt {
  const unmade: Writable<Attempt> = {
    number,
    kind,
    provider: link.provider,
    model: link.model,
    transport,
    endpoint: null,
    sent: false,
    startedAt: call.clock.now(),
    durationMs: 0,
    firstTokenMs: null,
    outcome: nameOf(outcome),
    outputChars: 0,
    requestId: null,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
  };
  enterError(unmade, outcome);
  return unmade;
}

/** The record of an attempt that ends now. */
export function toAttempt(attempt: OpenAttempt, outcome: AttemptResult): Attempt {
  const { call, link, input, startedAt, startedMono, firstPartMs, usage, reported } = attempt;
  const error = typeof outcome === "string" ? null : outcome;
  const ended: Writable<Attempt> = {
    number: input.number,
    kind: input.kind,
    provider: link.provider,
    model: link.model,
    transport: input.transport,
    endpoint: reported.endpoint ?? null,
    // A response status proves that the request was sent.
    sent: attempt.sent || (error !== null && error.status !== null),
    startedAt,
    durationMs: call.clock.monotonic() - startedMono,
    firstTokenMs: firstPartMs,
    outcome: nameOf(outcome),
    outputChars: attempt.outputChars,
    requestId: error?.requestId ?? attempt.requestId,
    responseId: reported.responseId ?? null,
    responseModel: reported.responseModel ?? null,
    serviceTier: reported.serviceTier ?? null,
    speed: reported.speed ?? null,
    region: reported.region ?? null,
  };
  enterError(ended, outcome);
  if (hasTokenCounts(usage)) ended.usage = usage;
  if (input.request.responseFormat !== undefined) ended.responseFormat = input.request.responseFormat;
  if (input.schemaDialect !== undefined) ended.schemaDialect = input.schemaDialect;
  const cost = input.engine.pricing.costOf(ended, call.options.tenant ?? null);
  if (cost !== undefined) ended.cost = cost;
  return ended;
}
