import type { Attempt } from "../../contract/attempt.ts";
import type { Usage } from "../../contract/usage.ts";
import type { AttemptInput } from "./attempt-input.ts";
import { type AttemptResult, LOST } from "./attempt-result.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { toAttemptError } from "./to-attempt-error.ts";

const isTold = (usage: Usage | null): usage is Usage =>
  usage !== null && (usage.inputTokens !== null || usage.outputTokens !== null);

const nameOf = (outcome: AttemptResult): Attempt["outcome"] => {
  if (typeof outcome === "string") return outcome;
  return outcome.code === "aborted" ? "aborted" : "failed";
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function enterError(attempt: Writable<Attempt>, outcome: AttemptResult): void {
  if (outcome === "cancelled") attempt.error = { code: "aborted", message: LOST, status: null, retryAfterMs: null };
  else if (outcome !== "success") attempt.error = toAttemptError(outcome);
}

/** What a gate is told of an attempt that it has permitted and that was not made. */
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

/** What the record keeps of an attempt that ends now. */
export function toAttempt(attempt: OpenAttempt, outcome: AttemptResult): Attempt {
  const { call, link, input, startedAt, startedMono, firstLifeMs, usage, told } = attempt;
  const error = typeof outcome === "string" ? null : outcome;
  const ended: Writable<Attempt> = {
    number: input.number,
    kind: input.kind,
    provider: link.provider,
    model: link.model,
    transport: input.transport,
    endpoint: told.endpoint ?? null,
    // A reply is the reply to a request.
    sent: attempt.sent || (error !== null && error.status !== null),
    startedAt,
    durationMs: call.clock.monotonic() - startedMono,
    firstTokenMs: firstLifeMs,
    outcome: nameOf(outcome),
    outputChars: attempt.outputChars,
    requestId: error?.requestId ?? attempt.requestId,
    responseId: told.responseId ?? null,
    responseModel: told.responseModel ?? null,
    serviceTier: told.serviceTier ?? null,
    speed: told.speed ?? null,
    region: told.region ?? null,
  };
  enterError(ended, outcome);
  if (isTold(usage)) ended.usage = usage;
  if (input.request.responseFormat !== undefined) ended.responseFormat = input.request.responseFormat;
  if (input.schemaDialect !== undefined) ended.schemaDialect = input.schemaDialect;
  const cost = input.engine.pricing.costOf(ended, call.options.tenant ?? null);
  if (cost !== undefined) ended.cost = cost;
  return ended;
}
