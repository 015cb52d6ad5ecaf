import { UNKNOWN_USAGE } from "../contract/usage.ts";
import { budgetError } from "../errors/budget-error.ts";
import type { GateRefusal } from "../errors/error-details.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import { type Call, finishedAttempts } from "./call.ts";
import type { CommittedOutput } from "./committed-output.ts";
import type { Walk } from "./walk.ts";

/** Errors of links that this call has not tried, observed by other calls while it waited. */
function errorsOfOtherCalls({ engine, call, links, recoveryWait, failures }: Walk<unknown>): readonly LLMError[] {
  if (recoveryWait === null) return [];
  return links.flatMap((link) => {
    const latest = failures.has(link) ? undefined : engine.probes.latestFailureOf(link.resolved.ref);
    return latest === undefined ? [] : [latest.error.with({ callId: call.id, attempts: [] })];
  });
}

/** Milliseconds until one of the links may be tried again, by its provider or its circuit; `null`: unknown. */
function soonestRetryMs({ engine, call, links }: Walk<unknown>, errors: readonly LLMError[]): number | null {
  const now = call.clock.monotonic();
  const away = links.flatMap(({ resolved }) => {
    const { untilMonoMs } = engine.breaker.read(resolved.ref);
    return untilMonoMs === null ? [] : [Math.ceil(untilMonoMs - now)];
  });
  const known = [...away, ...errors.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])];
  return known.length === 0 ? null : Math.max(0, Math.min(...known));
}

/** The refusals of gates on this walk. A `budget` error of an adapter has none. */
const refusalsOf = ({ errors }: Walk<unknown>): readonly GateRefusal[] =>
  errors.flatMap((error) => (isLLMError(error, "budget") ? (error.refusals ?? []) : []));

/**
 * The error of an exhausted chain: that of the link if there was only one, `budget` if gates refused all links, else `all_failed` with each
 * attempt and each refusal.
 */
export function exhaustedError(walk: Walk<unknown>): LLMError {
  const { call, links } = walk;
  const attempts = finishedAttempts(call);
  const shared = errorsOfOtherCalls(walk);
  const errors = [...walk.errors, ...shared];
  const last = errors.at(-1);
  if (links.length === 1 && last !== undefined) return last.with({ callId: call.id, attempts });
  const refusals = refusalsOf(walk);
  if (refusals.length === links.length && walk.errors.length === links.length) return budgetError(refusals, call.id);
  const reasons = [
    ...attempts.map(({ provider, model, error }) => `${provider}/${model}: ${error?.code} (${error?.message})`),
    ...refusals.map(({ provider, model, why }) => `${provider}/${model}: budget (${why})`),
    ...shared.map(
      ({ provider, model, code, message }) => `${provider}/${model}: ${code} (${message}), seen by another call`,
    ),
  ];
  return new LLMError({
    code: "all_failed",
    message: `every link failed: ${reasons.length === 0 ? "none could be called" : reasons.join("; ")}`,
    retryAfterMs: soonestRetryMs(walk, errors),
    callId: call.id,
    attempts,
    cause: last,
    details: { errors },
  });
}

/** The error of a stream that broke off after it had committed. */
export function interruptedError(call: Call, cause: LLMError, partialText: string): LLMError {
  const attempts = finishedAttempts(call);
  return new LLMError({
    code: "interrupted",
    message: `the answer broke off after ${partialText.length} characters: ${cause.message}`,
    provider: cause.provider,
    model: cause.model,
    status: cause.status,
    requestId: cause.requestId,
    callId: call.id,
    attempts,
    cause,
    details: { partialText, usage: attempts.at(-1)?.usage ?? UNKNOWN_USAGE },
  });
}

/** The error of a walk with no link left: `interrupted` if the answer had committed, else {@link exhaustedError}. */
export function outOfLinksError(walk: Walk<unknown>): LLMError {
  const { call, output, errors } = walk;
  const broken = output.brokenBy ?? errors.at(-1);
  return output.isCommitted && broken !== undefined
    ? interruptedError(call, broken, output.text)
    : exhaustedError(walk);
}

/**
 * Adds the partial text to a `deadline` or `aborted` error of a committed stream, in the same form as `interrupted`. Returns all other
 * errors unchanged.
 */
export function withPartialText(call: Call, thrown: unknown, output: CommittedOutput): unknown {
  if (!output.isCommitted || !(isLLMError(thrown, "deadline") || isLLMError(thrown, "aborted"))) return thrown;
  const usage = finishedAttempts(call).at(-1)?.usage ?? UNKNOWN_USAGE;
  return thrown.with({ details: { partialText: output.text, usage } });
}
