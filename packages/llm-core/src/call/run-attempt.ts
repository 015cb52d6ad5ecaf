import type { Attempt } from "../attempt.ts";
import type { ChainLink } from "../chain/plan-chain.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import type { BreakerTicket } from "../health/breaker.ts";
import type { ModelRequest, SchemaDialect } from "../provider.ts";
import { UNKNOWN_USAGE } from "../usage.ts";
import { createAnswer, type toToolCall } from "./answer.ts";
import type { AnswerForm, FormAnswer, FormLink } from "./answer-form.ts";
import type { Call } from "./call.ts";
import type { Engine } from "./engine.ts";
import { type OpenAttempt, openAttempt } from "./open-attempt.ts";
import type { ShownText } from "./shown-text.ts";
import type { Watcher } from "./watcher.ts";

/** What one attempt is about. */
export interface AttemptPlan<T> {
  readonly link: ChainLink;
  readonly formLink: FormLink;
  readonly form: AnswerForm<T>;
  readonly request: ModelRequest;
  readonly schemaDialect: SchemaDialect | undefined;
  readonly transport: "stream" | "json";
  /** Links that may still be tried, this one included. */
  readonly linksLeft: number;
  readonly shown: ShownText;
  readonly watcher: Watcher | null;
  /** Reads a tool call and checks its arguments; `undefined` where there are no tools. */
  readonly readToolCall: typeof toToolCall | undefined;
  /** Set while another attempt runs for the same answer. */
  readonly entry: RaceEntry | null;
}

/** An attempt's place in a race for the first answer. */
export interface RaceEntry {
  /** Whether its reasoning may be shown while nobody has won. */
  readonly leads: boolean;
  readonly won: boolean;
  /** Reasoning has come: the attempt is not slow. */
  showsLife(): void;
  /** The first text or tool part has come: `true` for the first attempt to say so, and the others are cancelled. */
  claim(): boolean;
  /** Calls back when another one has won. */
  onLost(cancel: () => void): void;
}

/** How it went. */
export type AttemptEnd<T> =
  | { readonly type: "served"; readonly value: T; readonly answer: FormAnswer; readonly firstTokenMs: number | null }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly error: LLMError; readonly again: boolean; readonly toolParts: boolean };

function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) return thrown;
  return new LLMError({ code: "invalid_response", message: "the answer could not be read", cause: thrown });
}

/** Enters the end of an attempt wherever it counts: the call, the breaker, the figures, the limiter. */
export function settleAttempt(
  engine: Engine,
  call: Call,
  attempt: OpenAttempt,
  ticket: BreakerTicket,
  outcome: "success" | "cancelled" | LLMError,
  answered = false,
): Attempt {
  const ended = attempt.end(outcome);
  const error = typeof outcome === "string" ? null : outcome;
  // Neither the caller's patience nor a faster rival says anything about the link.
  const released = outcome === "cancelled" || error?.code === "aborted" || error?.code === "deadline";
  // A whole answer that does not do for this call says that the link works, also one that the token limit cut.
  engine.breaker.end(ticket, released ? "released" : answered ? "success" : outcome);
  if (!released) {
    const { durationMs, firstTokenMs } = ended;
    engine.stats.add(ticket.link, { good: outcome === "success", durationMs, firstTokenMs });
  }
  const limiter = engine.limiterOf(attempt.link.resolved);
  if (outcome === "success") limiter.grow();
  else if (error?.concurrencyLimited) limiter.shrink();
  try {
    call.options.onAttempt?.(ended);
  } catch {
    // The caller's callback is the caller's own affair.
  }
  return ended;
}

/** Makes one attempt: request, parts, judgement. Fails only when the call is interrupted; everything else is in what it returns. */
export async function runAttempt<T>(engine: Engine, call: Call, plan: AttemptPlan<T>): Promise<AttemptEnd<T>> {
  const { link, form, shown, watcher, entry } = plan;
  const ref = engine.refOf(link.resolved);
  const ticket = engine.breaker.begin(ref);
  const attempt = openAttempt(call, link, {
    clock: engine.clock,
    env: engine.env,
    request: plan.request,
    schemaDialect: plan.schemaDialect,
    transport: plan.transport,
    linksLeft: plan.linksLeft,
    onResponse: ({ rateLimits }) => {
      for (const { kind, remaining, resetMs } of rateLimits) {
        if (remaining === null || remaining > 0 || resetMs === null || resetMs <= 0) continue;
        engine.breaker.rest(ref, resetMs, `no ${kind} left until the provider's limit is reset`);
      }
    },
  });
  let lost = false;
  entry?.onLost(() => {
    lost = true;
    settleAttempt(engine, call, attempt, ticket, "cancelled");
  });
  const continuing = shown.continuation !== null;
  const answer = createAnswer(call.options.tools, continuing ? shown.text : "", plan.readToolCall);
  let firstTokenMs: number | null = null;

  const fail = async (error: LLMError, again: boolean, answered = false): Promise<AttemptEnd<T>> => {
    const ended = settleAttempt(engine, call, attempt, ticket, error, answered);
    if (call.interruption !== null) throw call.interruption;
    if (watcher?.reading) await watcher.emit({ type: "attempt", attempt: ended });
    return { type: "failed", error, again, toolParts: answer.hasToolPart };
  };

  let finished: FormAnswer;
  try {
    for (let part = await attempt.next(); part !== undefined; part = await attempt.next()) {
      if (continuing && part.type === "text") part = { type: "text", text: shown.fitContinuation(part.text) };
      const commits = part.type === "text" || part.type === "tool-call";
      if (part.type === "reasoning") entry?.showsLife();
      if (commits && entry !== null && !entry.won && !entry.claim()) return { type: "cancelled" };
      const toolCalls = answer.take(part);
      form.observe?.(part);
      if (firstTokenMs === null && commits) firstTokenMs = call.elapsedMs();
      if (watcher !== null && (watcher.reading || shown.binds)) {
        if (part.type === "text" && part.text !== "") {
          shown.addText(part.text, link, call.elapsedMs());
          await watcher.emit(part);
        } else if (part.type === "reasoning" && part.text !== "" && (entry === null || entry.leads || entry.won)) {
          await watcher.emit({ type: "reasoning", text: part.text });
        }
        for (const toolCall of toolCalls) {
          shown.addToolCall(call.elapsedMs());
          await watcher.emit({ type: "tool-call", toolCall });
        }
      }
      if (answer.finished) break;
    }
    finished = { ...answer.finish(link), usage: answer.usage ?? UNKNOWN_USAGE };
    if (entry !== null && !entry.won && !entry.claim()) return { type: "cancelled" };
  } catch (thrown) {
    if (lost) return { type: "cancelled" };
    const error =
      call.interruption ?? toError(thrown).with({ provider: link.provider, model: link.model, callId: call.id });
    form.failed?.(error);
    return fail(error, false);
  }

  let verdict: Awaited<ReturnType<typeof form.judge>>;
  try {
    const judged = form.judge(finished, plan.formLink);
    verdict = judged instanceof Promise ? await call.until(judged) : judged;
  } catch (thrown) {
    return fail(call.interruption ?? toError(thrown), false);
  }
  if (verdict.type !== "accept") {
    const { provider, model } = link;
    return fail(verdict.error.with({ provider, model, callId: call.id }), verdict.type === "ask-again", true);
  }
  const ended = settleAttempt(engine, call, attempt, ticket, "success");
  if (watcher?.reading) await watcher.emit({ type: "attempt", attempt: ended });
  return {
    type: "served",
    value: verdict.value,
    answer: verdict.answer,
    firstTokenMs: continuing ? shown.firstMs : firstTokenMs,
  };
}
