import type { Attempt } from "../attempt.ts";
import type { ChainLink } from "../chain/plan-chain.ts";
import { policyOf } from "../errors/error-policy.ts";
import { showHidden } from "../errors/hidden-characters.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import type { BreakerTicket, LinkRef } from "../health/breaker.ts";
import { createJSONWeight } from "../json-weight.ts";
import type { StreamPart } from "../model-answer.ts";
import type { ModelRequest, ResponseHead, SchemaDialect } from "../provider.ts";
import { createAnswer, type FinishedAnswer, finishAnswer, takePart, type toToolCall } from "./answer.ts";
import type { AnswerForm, FormLink, Judgement } from "./answer-form.ts";
import type { OpenAttempt } from "./attempt-state.ts";
import { type Call, elapsedMs, warn } from "./call.ts";
import type { Engine } from "./engine.ts";
import { arrivedPart, endAttempt, nextPart, openAttempt } from "./open-attempt.ts";
import type { ShownText } from "./shown-text.ts";
import type { AttemptResult } from "./to-attempt.ts";
import { until } from "./wait.ts";
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
  hasWon(): boolean;
  /** Reasoning has come: the attempt is not slow. */
  showsLife(): void;
  /** The first text or tool part has come: `true` for the first attempt to say so, and the others are cancelled. */
  claim(): boolean;
  /** Calls back when another one has won. */
  onLost(cancel: () => void): void;
}

/** How it went. */
export type AttemptEnd<T> =
  | {
      readonly type: "served";
      readonly value: T;
      readonly answer: FinishedAnswer;
      readonly firstTokenMs: number | null;
    }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly error: LLMError; readonly again: boolean; readonly toolParts: boolean };

/** How many parts that have arrived may be shown before the reader takes them: enough to spare turns, too few to keep him waiting. */
const MOST_AHEAD = 32;

const CANCELLED = { type: "cancelled" } as const;

/** Whether a part is of the answer itself. */
const commits = ({ type }: StreamPart): boolean => type === "text" || type === "tool-call";

function toError(thrown: unknown): LLMError {
  if (isLLMError(thrown)) return thrown;
  return new LLMError({ code: "invalid_response", message: "the answer could not be read", cause: thrown });
}

/** Enters the end of an attempt wherever it counts: the call, the breaker, the figures, the limiter. */
function settleAttempt(
  engine: Engine,
  attempt: OpenAttempt,
  ticket: BreakerTicket,
  outcome: AttemptResult,
  answered = false,
): Attempt {
  const { call, link } = attempt;
  const ended = endAttempt(attempt, outcome);
  const error = typeof outcome === "string" ? null : outcome;
  // Neither the caller's patience nor a faster rival says anything about the link.
  const released =
    outcome === "cancelled" || attempt.cutShort || (error !== null && policyOf(error).breaker === "released");
  // A whole answer that does not do for this call says that the link works, also one that the token limit cut.
  const result = released ? "released" : answered ? "success" : outcome;
  engine.breaker.end(ticket, result);
  engine.probes.ended(ticket.link, result);
  if (!released) {
    const { durationMs, firstTokenMs } = ended;
    engine.stats.add(ticket.link, { good: outcome === "success", durationMs, firstTokenMs });
  }
  const { provider, ref } = link.resolved;
  if (outcome === "success") engine.limiterOf(provider, ref).grow();
  else if (error?.concurrencyLimited) engine.limiterOf(provider, ref).shrink();
  try {
    call.options.onAttempt?.(ended);
  } catch {
    // The caller's callback is the caller's own affair.
  }
  return ended;
}

/** A provider that says that nothing is left is left alone until its limit is reset, rather than asked for a refusal. */
function restWhenSpent({ breaker }: Engine, ref: LinkRef, { rateLimits }: ResponseHead): void {
  for (const { kind, remaining, resetMs } of rateLimits) {
    if (remaining === null || remaining > 0 || resetMs === null || resetMs <= 0) continue;
    breaker.rest(ref, resetMs, `no ${kind} left until the provider's limit is reset`);
  }
}

/** An answer that is whole by its wire's end marker alone is served, and not in silence. */
function warnOfOddEnd(
  call: Call,
  { provider, model }: ChainLink,
  { finishReason, rawFinishReason }: FinishedAnswer,
): void {
  if (finishReason !== "other") return;
  const reason = rawFinishReason === null ? "no reason" : `the reason ${showHidden(JSON.stringify(rawFinishReason))}`;
  warn(call, `${provider}/${model} ended its answer with ${reason}: it may not be complete`);
}

/** Makes one attempt: request, parts, judgement. Fails only when the call is interrupted; everything else is in what it returns. */
export async function runAttempt<T>(engine: Engine, call: Call, plan: AttemptPlan<T>): Promise<AttemptEnd<T>> {
  const { link, form, shown, watcher, entry } = plan;
  const { ref } = link.resolved;
  const ticket = engine.breaker.begin(ref);
  const attempt = openAttempt(call, link, {
    env: engine.env,
    clientLimits: engine.config.timeouts,
    request: plan.request,
    schemaDialect: plan.schemaDialect,
    transport: plan.transport,
    linksLeft: plan.linksLeft,
    maxResponseBytes: engine.config.maxResponseBytes,
    onResponse: (head) => restWhenSpent(engine, ref, head),
  });
  engine.budget.count(ref, attempt.startedMono);
  entry?.onLost(() => {
    settleAttempt(engine, attempt, ticket, "cancelled");
    discardReasoning();
  });
  const fit = shown.continuedFrom === null ? null : shown.continuationFit();
  const answer = createAnswer(call.options.tools, fit === null ? "" : shown.text, plan.readToolCall);
  // What reads an answer while it arrives reads values from it.
  const weight = form.observe === undefined ? null : createJSONWeight();
  let firstTokenMs: number | null = null;
  let shownReasoning = "";

  /** Of attempts that race, the leader's is shown until another one has won, which may be while its next part is on the way. */
  const mayShowReasoning = (): boolean => entry === null || entry.hasWon() || (entry.leads && attempt.ended === null);

  /** The attempt gives no answer: its reasoning is not that of the answer. */
  function discardReasoning(): void {
    if (shownReasoning === "") return;
    const { provider, model } = link;
    watcher?.show({ type: "reasoning-discarded", discardedText: shownReasoning, from: { provider, model } });
    shownReasoning = "";
  }

  /** Enters a part, and shows what of it is for the reader. */
  function enter(part: StreamPart): void {
    const toolCalls = takePart(answer, part);
    weight?.add(part);
    form.observe?.(part);
    if (firstTokenMs === null && commits(part)) firstTokenMs = elapsedMs(call);
    if (watcher === null || !(watcher.isReading() || shown.binds)) return;
    if (part.type === "text" && part.text !== "") {
      shown.addText(part.text, link, firstTokenMs ?? elapsedMs(call));
      watcher.show(part);
    } else if (part.type === "reasoning" && part.text !== "" && mayShowReasoning()) {
      if (watcher.show({ type: "reasoning", text: part.text })) shownReasoning += part.text;
    }
    for (const toolCall of toolCalls) {
      // What a reader does not see binds nobody.
      if (watcher.show({ type: "tool-call", toolCall })) shown.addToolCall(elapsedMs(call));
    }
  }

  async function fail(failure: { error: LLMError; again: boolean; answered: boolean }): Promise<AttemptEnd<T>> {
    const { error, again, answered } = failure;
    const ended = settleAttempt(engine, attempt, ticket, error, answered);
    if (call.interruption !== null) throw call.interruption;
    if (watcher?.isReading()) {
      watcher.show({ type: "attempt", attempt: ended });
      discardReasoning();
      await watcher.caughtUp();
    }
    return { type: "failed", error, again, toolParts: answer.calls.length > 0 };
  }

  let finished: FinishedAnswer;
  try {
    while (answer.finish === null) {
      let part = watcher !== null && watcher.behind() >= MOST_AHEAD ? undefined : arrivedPart(attempt);
      if (part === undefined) {
        // Nobody asks the provider for more than the reader asks for.
        const caughtUp = watcher === null ? null : watcher.caughtUp();
        if (caughtUp !== null) await caughtUp;
        part = arrivedPart(attempt) ?? (await nextPart(attempt));
      }
      if (part === undefined) break;
      if (fit !== null && part.type === "text") part = { type: "text", text: fit.take(part.text) };
      else if (fit !== null && part.type !== "usage") {
        const text = fit.release();
        if (text !== "") enter({ type: "text", text });
      }
      if (part.type === "reasoning") entry?.showsLife();
      if (commits(part) && entry !== null && !entry.hasWon() && !entry.claim()) return CANCELLED;
      enter(part);
    }
    finished = finishAnswer(answer, link);
    if (entry !== null && !entry.hasWon() && !entry.claim()) return CANCELLED;
  } catch (thrown) {
    if (attempt.ended?.outcome === "cancelled") return CANCELLED;
    const { provider, model } = link;
    const error = call.interruption ?? toError(thrown).with({ provider, model, callId: call.id });
    form.failed?.(error);
    return fail({ error, again: false, answered: false });
  }

  let verdict: Judgement<T>;
  try {
    const judged = form.judge(finished, plan.formLink);
    verdict = judged instanceof Promise ? await until(call, judged) : judged;
  } catch (thrown) {
    return fail({ error: call.interruption ?? toError(thrown), again: false, answered: false });
  }
  if (verdict.type !== "accept") {
    const { provider, model } = link;
    const error = verdict.error.with({ provider, model, callId: call.id });
    return fail({ error, again: verdict.type === "ask-again", answered: true });
  }
  warnOfOddEnd(call, link, finished);
  const ended = settleAttempt(engine, attempt, ticket, "success");
  // The answer is whole: neither a reader who idles nor one who leaves takes it away.
  watcher?.show({ type: "attempt", attempt: ended });
  return {
    type: "served",
    value: verdict.value,
    answer: verdict.answer,
    firstTokenMs: fit === null ? firstTokenMs : shown.firstMs,
  };
}
