import { UNKNOWN_USAGE } from "../contract/usage.ts";
import { budgetError } from "../errors/budget-error.ts";
import { type GateRefusal, isLLMError, LLMError } from "../errors/llm-error.ts";
import { type Call, finishedAttempts } from "./call.ts";
import type { ShownText } from "./shown-text.ts";
import type { Walk } from "./walk.ts";

/** The errors of the links that this call has not tried: what other calls saw there while it waited. */
function seenByOthers({ engine, call, links, turns, failures }: Walk<unknown>): readonly LLMError[] {
  if (turns === null) return [];
  return links.flatMap((link) => {
    const trouble = failures.has(link) ? undefined : engine.probes.troubleOf(link.resolved.ref);
    return trouble === undefined ? [] : [trouble.error.with({ callId: call.id, attempts: [] })];
  });
}

/** How soon one of the links can be asked again, as its provider or its circuit says; `null`: that is not known of any. */
function soonestMs({ engine, call, links }: Walk<unknown>, errors: readonly LLMError[]): number | null {
  const now = call.clock.monotonic();
  const away = links.flatMap(({ resolved }) => {
    const { untilMonoMs } = engine.breaker.read(resolved.ref);
    return untilMonoMs === null ? [] : [Math.ceil(untilMonoMs - now)];
  });
  const known = [...away, ...errors.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])];
  return known.length === 0 ? null : Math.max(0, Math.min(...known));
}

/** What gates have refused on this walk. An adapter's own error of that code may name nothing. */
const refusalsOf = ({ errors }: Walk<unknown>): readonly GateRefusal[] =>
  errors.flatMap((error) => (isLLMError(error, "budget") ? (error.refusals ?? []) : []));

/**
 * The error of a chain that is at its end: the link's own where there was only one, `budget` where gates refused all of them, else
 * `all_failed` with each attempt and each refusal named.
 */
export function exhausted(walk: Walk<unknown>): LLMError {
  const { call, links } = walk;
  const attempts = finishedAttempts(call);
  const shared = seenByOthers(walk);
  const errors = [...walk.errors, ...shared];
  const last = errors.at(-1);
  if (links.length === 1 && last !== undefined) return last.with({ callId: call.id, attempts });
  const refusals = refusalsOf(walk);
  if (refusals.length === links.length && walk.errors.length === links.length) return budgetError(refusals, call.id);
  const told = [
    ...attempts.map(({ provider, model, error }) => `${provider}/${model}: ${error?.code} (${error?.message})`),
    ...refusals.map(({ provider, model, why }) => `${provider}/${model}: budget (${why})`),
    ...shared.map(
      ({ provider, model, code, message }) => `${provider}/${model}: ${code} (${message}), seen by another call`,
    ),
  ];
  return new LLMError({
    code: "all_failed",
    message: `every link failed: ${told.length === 0 ? "none could be called" : told.join("; ")}`,
    retryAfterMs: soonestMs(walk, errors),
    callId: call.id,
    attempts,
    cause: last,
    details: { errors },
  });
}

/** The error of a stream that broke off after something was shown. */
export function interrupted(call: Call, cause: LLMError, partialText: string): LLMError {
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

/** The error of a walk without a link left: {@link exhausted}, or `interrupted` where something was shown. */
export function outOfLinks(walk: Walk<unknown>): LLMError {
  const { call, shown, errors } = walk;
  const broken = shown.brokenBy ?? errors.at(-1);
  return shown.binds && broken !== undefined ? interrupted(call, broken, shown.text) : exhausted(walk);
}

/**
 * What ended a stream from outside, `deadline` or `aborted`, with the text that it takes away from its reader, as `interrupted` has it.
 * Every other error, and one that came before anything was shown, as it is.
 */
export function withPartialText(call: Call, thrown: unknown, shown: ShownText): unknown {
  if (!shown.binds || !(isLLMError(thrown, "deadline") || isLLMError(thrown, "aborted"))) return thrown;
  const usage = finishedAttempts(call).at(-1)?.usage ?? UNKNOWN_USAGE;
  return thrown.with({ details: { partialText: shown.text, usage } });
}
