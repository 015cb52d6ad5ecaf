import type { Seam } from "../contract/result.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import { admit, resume } from "./admission/admit.ts";
import { awaitReadyLink } from "./admission/await-ready-link.ts";
import { type FinishedAnswer, toToolCall } from "./answer.ts";
import { askSimpler } from "./ask-simpler.ts";
import type { AttemptEnd } from "./attempt/attempt-input.ts";
import { attemptOn } from "./attempt/attempt-on.ts";
import { type Call, checkTime, finishedAttempts, timeLeftMs } from "./call.ts";
import { interruptedError, outOfLinksError } from "./chain-errors.ts";
import { attemptHedged, hedgeDelayMs } from "./hedge.ts";
import { type NextStep, nextStep } from "./next-step.ts";
import { keepUsableLinks, mayStartClean, restartOn, resumeOn } from "./resume.ts";
import { NO_RIVAL } from "./rival.ts";
import { sleep, unlessInterrupted } from "./wait.ts";
import { countReady, linkAt, linksLeft, nextReady, noteFailure, postpone, type Walk } from "./walk.ts";

/** The result of a walk over the chain. */
export interface ServedResult<T> {
  readonly link: ChainLink;
  readonly value: T;
  readonly answer: FinishedAnswer;
  readonly seams: readonly Seam[];
  /** Milliseconds from the start of the call to the first text or tool call of the answer. */
  readonly firstTokenMs: number | null;
}

/**
 * The main loop: tries link after link until one gives an accepted answer, with the steps of {@link nextStep}. Every attempt of every
 * call is made here.
 *
 * Rejects with the error of the last attempt if there was only one link, with `all_failed` if there were more, with `interrupted` if the
 * answer had committed, and immediately with errors for which `fallback` is false.
 */
export async function runChain<T>(walk: Walk<T>): Promise<ServedResult<T>> {
  const { call, output } = walk;
  if (call.options.tools !== undefined) walk.readToolCall = await loadToolCheck(call);

  for (;;) {
    const turn = walk.engine.startPacer.turn();
    if (turn !== null) {
      await unlessInterrupted(call, turn);
      checkTime(call);
    }
    let slot = admit(walk, onLinkSkipped);
    while (slot instanceof Promise) {
      slot = resume(walk, await slot, onLinkSkipped);
      // Under load, the deadline timer may be late.
      checkTime(call);
    }
    let continued: LinkName | null;
    const charsBefore = output.text.length;
    let end: AttemptEnd<T>;
    try {
      if (output.continuedFrom !== null) await keepContinuation(walk, output.continuedFrom);
      continued = output.continuedFrom;
      const delayMs = hedgeDelayMs(walk);
      end = await (delayMs === null ? attemptOn(walk, walk.index, slot, NO_RIVAL) : attemptHedged(walk, slot, delayMs));
    } finally {
      slot.release();
      walk.probe?.release();
      walk.probe = null;
    }
    if (end.type === "cancelled") throw new Error("an attempt without a rival was cancelled");
    // A race may have changed the current link.
    const link = linkAt(walk, walk.index);
    if (end.type === "served") {
      return { link, value: end.value, answer: end.answer, seams: output.seams, firstTokenMs: end.firstTokenMs };
    }
    walk.asksAgain = end.again || askSimpler(walk, link, end.error);
    if (walk.asksAgain) {
      // A complete answer may have used the time that it is given beyond the deadline.
      checkTime(call);
      continue;
    }
    const refused = end.error.fallback && policyOf(end.error).breaker === "alive";
    if (continued !== null && output.text.length === charsBefore && refused && mayStartClean(walk)) {
      // It refused the prefill with another link's text, which this client added: try it again with a restart.
      await restartOn(walk, continued, link);
      continue;
    }
    noteFailure(walk, link, end.error);
    await takeNextStep(walk, link, end.error, end.toolParts);
  }
}

/** Loaded only for calls with tools. */
async function loadToolCheck(call: Call): Promise<typeof toToolCall> {
  const { checkToolCall } = await unlessInterrupted(call, import("../structured/check-tool-call.ts"));
  const validators = new Map();
  return (written, tools) => checkToolCall(toToolCall(written, tools), tools, validators);
}

/** Called when a link could not be used and the walk has moved to another one. */
function onLinkSkipped(walk: Walk<unknown>, from: ChainLink): void {
  if (walk.retries > 0) logFallback(walk, from, linkAt(walk, walk.index), walk.errors.at(-1));
  walk.retries = 0;
}

/** The current link may have changed since a continuation was prepared: prepares it, or a restart, for the current one. */
async function keepContinuation(walk: Walk<unknown>, from: LinkName): Promise<void> {
  const error = walk.errors.at(-1);
  if (error !== undefined) await resumeOn(walk, linkAt(walk, walk.index), { error, from, toolParts: false });
}

/** The step after a failed attempt. While the call waits for recovery, all other links count as not ready. */
function stepAfter(walk: Walk<unknown>, link: ChainLink, error: LLMError): { step: NextStep; readyLinks: number } {
  const { engine, call, links, index, recoveryWait } = walk;
  const ref = link.resolved.ref;
  const { state } = engine.breaker.read(ref);
  const isAway = state === "open" || (state === "resting" && error.retryAfterMs === null);
  const readyLinks = recoveryWait === null ? countReady(walk) : 0;
  const step = nextStep(error, {
    retries: recoveryWait === null ? walk.retries : recoveryWait.retries,
    readyLinks,
    awayLinks: (recoveryWait === null ? links.length - index - 1 : linksLeft(walk)) - readyLinks,
    mayRetry: recoveryWait === null && !isAway && engine.budget.has(ref),
    timeLeftMs: timeLeftMs(call),
    retry: walk.retry,
    fallbackOnContentFilter: call.options.fallbackOnContentFilter ?? false,
    random: engine.random(),
  });
  if (step.kind === "retry") engine.budget.take(ref);
  return { step, readyLinks };
}

/** Takes the step after a failed attempt: retry, fall back, wait, or throw. */
async function takeNextStep(walk: Walk<unknown>, link: ChainLink, error: LLMError, toolParts: boolean): Promise<void> {
  const { call, output, onInterrupted } = walk;
  keepUsableLinks(walk);
  const { step, readyLinks } = stepAfter(walk, link, error);
  if (output.isCommitted) output.breakOff(error);
  if (output.isCommitted && onInterrupted === "throw")
    throw interruptedError(call, output.brokenBy ?? error, output.text);
  if (step.kind === "throw") {
    if (error.fallback) throw outOfLinksError(walk);
    if (output.isCommitted) throw interruptedError(call, output.brokenBy ?? error, output.text);
    throw error.with({ attempts: finishedAttempts(call) });
  }

  const continuesElsewhere = output.isCommitted && onInterrupted === "continue" && error.fallback && readyLinks > 0;
  if (step.kind === "fall-back" || continuesElsewhere) {
    postpone(walk, walk.index + 1, nextReady(walk));
    walk.index += 1;
  } else if (step.kind === "wait") {
    walk.index += walk.recoveryWait === null ? 1 : 0;
    if (!(await awaitReadyLink(walk))) throw outOfLinksError(walk);
  }
  const target = linkAt(walk, walk.index);
  await resumeOn(walk, target, { error, from: link, toolParts });
  if (target !== link) {
    logFallback(walk, link, target, error);
    walk.retries = 0;
  } else if (step.kind === "retry") {
    walk.retries += 1;
    await sleep(call, step.delayMs);
    checkTime(call);
  }
}

function logFallback(
  { engine, call }: Walk<unknown>,
  from: ChainLink,
  to: ChainLink,
  error: LLMError | undefined,
): void {
  const code = error?.code ?? "unknown";
  const [left, next] = [from.resolved.provider, to.resolved.provider];
  engine.logger.warn(`${left.name} failed (${code}): falling back to ${next.name}`, {
    callId: call.id,
    from: left.id,
    to: next.id,
    code,
  });
}
