import { nextStep } from "../chain/next-step.ts";
import type { ChainLink } from "../chain/plan-chain.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Seam } from "../result.ts";
import { admit, hasGoneAway } from "./admit.ts";
import { type FinishedAnswer, toToolCall } from "./answer.ts";
import { attemptOn } from "./attempt-on.ts";
import { type Call, finishedAttempts, timeLeftMs } from "./call.ts";
import { exhausted, interrupted } from "./chain-errors.ts";
import type { Engine } from "./engine.ts";
import { attemptHedged, hedgeDelayMs } from "./hedge.ts";
import { keepUsableLinks, mayStartClean, resumeOn } from "./resume.ts";
import type { AttemptEnd } from "./run-attempt.ts";
import { sleep, until } from "./wait.ts";
import { beginWalk, linkAt, linksAfter, postpone, type Walk, type WalkPlan } from "./walk.ts";
import { showAndWait } from "./watcher.ts";

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
export async function runChain<T>(engine: Engine, call: Call, plan: WalkPlan<T>): Promise<Served<T>> {
  const readToolCall = call.options.tools === undefined ? undefined : await loadToolCheck(call);
  const walk = beginWalk(engine, call, plan, readToolCall);
  const { shown, errors } = walk;

  for (;;) {
    if (walk.index >= walk.links.length) throw exhausted(call, errors, walk.links.length);
    const turn = linkAt(walk, walk.index);
    const admission = admit(walk, turn);
    const slot = admission instanceof Promise ? await admission : admission;
    if (slot === null || (slot !== admission && hasGoneAway(walk, turn))) {
      slot?.release();
      await giveWay(walk, turn);
      continue;
    }
    const continued = shown.continuedFrom;
    const shownBefore = shown.text.length;
    let end: AttemptEnd<T>;
    try {
      const delayMs = hedgeDelayMs(walk);
      end = await (delayMs === null ? attemptOn(walk, walk.index, null) : attemptHedged(walk, slot, delayMs));
    } finally {
      slot.release();
    }
    if (end.type === "cancelled") throw new Error("an attempt without a rival was cancelled");
    // A race may have moved the chain on.
    const link = linkAt(walk, walk.index);
    if (end.type === "served") {
      return { link, value: end.value, answer: end.answer, seams: shown.seams, firstTokenMs: end.firstTokenMs };
    }
    walk.asksAgain = end.again;
    if (end.again) continue;
    const refused = end.error.code === "invalid_request" || end.error.code === "unsupported";
    if (continued !== null && shown.text.length === shownBefore && refused && mayStartClean(walk)) {
      // It refused to go on from another's text, which was our idea: it is asked again, clean.
      if (plan.watcher !== null) await showAndWait(plan.watcher, shown.restart(continued, link));
      continue;
    }
    errors.push(end.error);
    await goOn(walk, link, end.error, end.toolParts);
  }
}

/** Loaded only where there is something to check. */
async function loadToolCheck(call: Call): Promise<typeof toToolCall> {
  const { checkToolCall } = await until(call, import("../structured/check-tool-call.ts"));
  return (written, tools) => checkToolCall(toToolCall(written, tools), tools);
}

/** The link in turn cannot be had now: the next one's turn. */
async function giveWay(walk: Walk<unknown>, link: ChainLink): Promise<void> {
  const { shown, errors } = walk;
  postpone(walk, link);
  const next = linkAt(walk, walk.index);
  const error = errors.at(-1);
  if (walk.retries > 0) tellFallback(walk, link, next, error);
  walk.retries = 0;
  // The link that was to go on from the text may have been another.
  if (shown.continuedFrom !== null && error !== undefined) {
    await resumeOn(walk, next, { error, from: shown.continuedFrom, toolParts: false });
  }
}

/** What follows a failed attempt: the same link again, the next one, or the end. Throws the end. */
async function goOn(walk: Walk<unknown>, link: ChainLink, error: LLMError, toolParts: boolean): Promise<void> {
  const { engine, call, plan, shown, errors, links } = walk;
  const { onInterrupted } = plan;
  keepUsableLinks(walk);
  const step = nextStep(error, {
    retries: walk.retries,
    linksAfter: linksAfter(walk),
    timeLeftMs: timeLeftMs(call),
    retry: walk.retry,
    fallbackOnContentFilter: call.options.fallbackOnContentFilter ?? false,
    random: engine.random(),
  });
  if (shown.binds) {
    shown.breakOff(error);
    if (step.kind === "throw" || onInterrupted === "throw") {
      throw interrupted(call, shown.brokenBy ?? error, shown.text);
    }
  } else if (step.kind === "throw") {
    if (error.fallback) throw exhausted(call, errors, links.length);
    throw error.with({ attempts: finishedAttempts(call) });
  }

  const next = links[walk.index + 1];
  const moveOn = step.kind === "fall-back" || (shown.binds && onInterrupted === "continue" && error.fallback);
  const target = moveOn && next !== undefined ? next : link;
  await resumeOn(walk, target, { error, from: link, toolParts });
  if (target === link) {
    walk.retries += 1;
    if (step.kind === "retry") await sleep(call, step.delayMs);
  } else {
    tellFallback(walk, link, target, error);
    walk.index += 1;
    walk.retries = 0;
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
