import type { Seam } from "../contract/result.ts";
import { policyOf } from "../errors/error-policy.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import { showAndWait } from "../stream/watcher.ts";
import { admit, resume } from "./admission/admit.ts";
import { awaitTurn } from "./admission/await-turn.ts";
import { type FinishedAnswer, toToolCall } from "./answer.ts";
import type { AttemptEnd } from "./attempt/attempt-input.ts";
import { attemptOn } from "./attempt/attempt-on.ts";
import { type Call, checkTime, finishedAttempts, timeLeftMs } from "./call.ts";
import { interrupted, outOfLinks } from "./chain-errors.ts";
import { attemptHedged, hedgeDelayMs } from "./hedge.ts";
import { type NextStep, nextStep } from "./next-step.ts";
import { keepUsableLinks, mayStartClean, resumeOn } from "./resume.ts";
import { NO_RIVAL } from "./rival.ts";
import { sleep, until } from "./wait.ts";
import { countReady, linkAt, linksLeft, nextReady, noteFailure, postpone, type Walk } from "./walk.ts";

/** How a walk over the chain ended well. */
export interface Served<T> {
  readonly link: ChainLink;
  readonly value: T;
  readonly answer: FinishedAnswer;
  readonly seams: readonly Seam[];
  /** From the start of the call to the first text or tool call of the answer. */
  readonly firstTokenMs: number | null;
}

/**
 * The loop: takes link after link until one serves, as the table of errors says. Every attempt of every call is made here.
 *
 * Fails with the error of the last attempt where there was only one link, with `all_failed` where there were more, with
 * `interrupted` where something had been shown, and at once with errors that no other link can help.
 */
export async function runChain<T>(walk: Walk<T>): Promise<Served<T>> {
  const { call, shown, watcher } = walk;
  if (call.options.tools !== undefined) walk.readToolCall = await loadToolCheck(call);

  for (;;) {
    const turn = walk.engine.pace.turn();
    if (turn !== null) {
      await until(call, turn);
      checkTime(call);
    }
    let slot = admit(walk, giveWay);
    while (slot instanceof Promise) {
      slot = resume(walk, await slot, giveWay);
      // Under load the timer of a call that has waited may be late.
      checkTime(call);
    }
    let continued: LinkName | null;
    const shownBefore = shown.text.length;
    let end: AttemptEnd<T>;
    try {
      if (shown.continuedFrom !== null) await keepContinuation(walk, shown.continuedFrom);
      continued = shown.continuedFrom;
      const delayMs = hedgeDelayMs(walk);
      end = await (delayMs === null ? attemptOn(walk, walk.index, slot, NO_RIVAL) : attemptHedged(walk, slot, delayMs));
    } finally {
      slot.release();
      walk.probe?.release();
      walk.probe = null;
    }
    if (end.type === "cancelled") throw new Error("an attempt without a rival was cancelled");
    // A race may have moved the chain on.
    const link = linkAt(walk, walk.index);
    if (end.type === "served") {
      return { link, value: end.value, answer: end.answer, seams: shown.seams, firstTokenMs: end.firstTokenMs };
    }
    walk.asksAgain = end.again;
    if (end.again) continue;
    const refused = end.error.fallback && policyOf(end.error).breaker === "alive";
    if (continued !== null && shown.text.length === shownBefore && refused && mayStartClean(walk)) {
      // It refused to go on from another's text, which was our idea: it is asked again, clean.
      await showAndWait(watcher, shown.restart(continued, link));
      continue;
    }
    noteFailure(walk, link, end.error);
    await goOn(walk, link, end.error, end.toolParts);
  }
}

/** Loaded only where there is something to check. */
async function loadToolCheck(call: Call): Promise<typeof toToolCall> {
  const { checkToolCall } = await until(call, import("../structured/check-tool-call.ts"));
  const validators = new Map();
  return (written, tools) => checkToolCall(toToolCall(written, tools), tools, validators);
}

/** The link could not be used: the one in turn now is tried instead. */
function giveWay(walk: Walk<unknown>, from: ChainLink): void {
  if (walk.retries > 0) tellFallback(walk, from, linkAt(walk, walk.index), walk.errors.at(-1));
  walk.retries = 0;
}

/** Where another link has come in turn than the one that was to go on from the text shown, it goes on from it, too, or starts clean. */
async function keepContinuation(walk: Walk<unknown>, from: LinkName): Promise<void> {
  const error = walk.errors.at(-1);
  if (error !== undefined) await resumeOn(walk, linkAt(walk, walk.index), { error, from, toolParts: false });
}

/** What follows a failed attempt. The links after one that has failed all others before are counted as away. */
function stepAfter(walk: Walk<unknown>, link: ChainLink, error: LLMError): { step: NextStep; readyLinks: number } {
  const { engine, call, links, index, turns } = walk;
  const ref = link.resolved.ref;
  const { state } = engine.breaker.read(ref);
  const isAway = state === "open" || (state === "resting" && error.retryAfterMs === null);
  const readyLinks = turns === null ? countReady(walk) : 0;
  const step = nextStep(error, {
    retries: turns === null ? walk.retries : turns.retries,
    readyLinks,
    awayLinks: (turns === null ? links.length - index - 1 : linksLeft(walk)) - readyLinks,
    mayRetry: turns === null && !isAway && engine.budget.has(ref),
    timeLeftMs: timeLeftMs(call),
    retry: walk.retry,
    fallbackOnContentFilter: call.options.fallbackOnContentFilter ?? false,
    random: engine.random(),
  });
  if (step.kind === "retry") engine.budget.take(ref);
  return { step, readyLinks };
}

/** What follows a failed attempt: the same link again, the next one, a wait for one, or the end. Throws the end. */
async function goOn(walk: Walk<unknown>, link: ChainLink, error: LLMError, toolParts: boolean): Promise<void> {
  const { call, shown, onInterrupted } = walk;
  keepUsableLinks(walk);
  const { step, readyLinks } = stepAfter(walk, link, error);
  if (shown.binds) shown.breakOff(error);
  if (shown.binds && onInterrupted === "throw") throw interrupted(call, shown.brokenBy ?? error, shown.text);
  if (step.kind === "throw") {
    if (error.fallback) throw outOfLinks(walk);
    if (shown.binds) throw interrupted(call, shown.brokenBy ?? error, shown.text);
    throw error.with({ attempts: finishedAttempts(call) });
  }

  const continuesElsewhere = shown.binds && onInterrupted === "continue" && error.fallback && readyLinks > 0;
  if (step.kind === "fall-back" || continuesElsewhere) {
    postpone(walk, walk.index + 1, nextReady(walk));
    walk.index += 1;
  } else if (step.kind === "wait") {
    walk.index += walk.turns === null ? 1 : 0;
    if (!(await awaitTurn(walk))) throw outOfLinks(walk);
  }
  const target = linkAt(walk, walk.index);
  await resumeOn(walk, target, { error, from: link, toolParts });
  if (target !== link) {
    tellFallback(walk, link, target, error);
    walk.retries = 0;
  } else if (step.kind === "retry") {
    walk.retries += 1;
    await sleep(call, step.delayMs);
    checkTime(call);
  }
}

function tellFallback(
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
