import type { OnInterrupted } from "../call-options.ts";
import { nextStep } from "../chain/next-step.ts";
import type { Chain, ChainLink } from "../chain/plan-chain.ts";
import { shareOfTime } from "../chain/share-of-time.ts";
import { resolveHedge } from "../config/client-config.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { Slot } from "../limit/concurrency-limiter.ts";
import type { Message } from "../message.ts";
import type { Seam } from "../result.ts";
import { acquireSlot, trySlot } from "./acquire-slot.ts";
import type { AnswerForm, FormAnswer, Transport } from "./answer-form.ts";
import type { Call } from "./call.ts";
import { exhausted, interrupted } from "./chain-errors.ts";
import type { Engine } from "./engine.ts";
import { runHedged } from "./hedge.ts";
import { type AttemptEnd, type RaceEntry, runAttempt } from "./run-attempt.ts";
import { canContinue, createShownText, NOTHING_SHOWN } from "./shown-text.ts";
import { toModelRequest } from "./to-model-request.ts";
import type { Watcher } from "./watcher.ts";

/** How a walk over the chain ended well. */
export interface Served<T> {
  readonly link: ChainLink;
  readonly value: T;
  readonly answer: FormAnswer;
  readonly seams: readonly Seam[];
  /** From the start of the call to the first text or tool call of the answer. */
  readonly firstTokenMs: number | null;
}

/** One walk over the chain. */
export interface Walk<T> {
  readonly chain: Chain;
  readonly form: AnswerForm<T>;
  readonly conversation: readonly Message[];
  readonly watcher: Watcher | null;
  /** What to do once something has been shown. */
  readonly onInterrupted: OnInterrupted;
}

/** First-token times that must be known of a link before a hedge trusts their quantile. */
const HEDGE_SAMPLES = 10;

function transportOf(wanted: Transport, link: ChainLink, hasFormat: boolean): "stream" | "json" {
  if (wanted !== "auto") return wanted;
  return hasFormat && !link.capabilities.schemaWithStreaming ? "json" : "stream";
}

/**
 * The loop: takes link after link until one serves, as the table of errors says. Every attempt of every call is made here.
 *
 * Fails with the error of the last attempt where there was only one link, with `all_failed` where there were more, with
 * `interrupted` where something had been shown, and at once with errors that no other link can help.
 */
export async function runChain<T>(engine: Engine, call: Call, walk: Walk<T>): Promise<Served<T>> {
  const { config, clock, breaker, logger } = engine;
  const { form, watcher, onInterrupted } = walk;
  const { maxRetries } = call.options;
  const retry = maxRetries === undefined ? config.retry : { ...config.retry, maxRetries };
  const hedge = resolveHedge(call.options.hedge, config.hedge);
  const { chain } = walk;
  const links = [...chain.links, ...chain.reserve];
  const postponed = new Set<ChainLink>(chain.rescued ? links : chain.reserve);
  const errors: LLMError[] = [];
  const shown = watcher === null ? NOTHING_SHOWN : createShownText();
  // Loaded only where there is something to check.
  const readToolCall =
    call.options.tools === undefined
      ? undefined
      : (await call.until(import("../structured/check-tool-call.ts"))).checkToolCall;
  let index = 0;
  let retries = 0;

  /** A slot at the link's provider; `null` when another link should be tried first. */
  async function admission(link: ChainLink, linksAfter: number): Promise<Slot | null> {
    const ref = engine.refOf(link.resolved);
    // A link comes up a second time only when all others have failed; then it is waited for, and tried whatever its state.
    const lastChance = linksAfter === 0 || postponed.has(link);
    const shareMs = shareOfTime(null, call.timeLeftMs(), linksAfter + 1);
    const { state, until, probing } = breaker.read(ref);
    const restMs = state === "resting" && until !== null ? until - clock.monotonic() : null;
    const mayWait = restMs !== null && restMs <= retry.maxRetryAfterMs && (shareMs === null || restMs < shareMs);
    // A retry has chosen to wait for this link; the last of its rest is waited for, not taken for a reason to leave.
    const waits = mayWait && (lastChance || retries > 0);
    const away = state === "open" || state === "resting" || probing;
    if (away && !lastChance && !waits) return null;
    if (waits) await call.sleep(Math.max(0, restMs));
    return acquireSlot(call, engine.limiterOf(link.resolved), linksAfter === 0 ? null : shareMs);
  }

  /** Whether the link has failed others while this call waited for its slot, or another call has gone to probe it. */
  function hasGoneAway(link: ChainLink, linksAfter: number): boolean {
    if (linksAfter === 0 || postponed.has(link)) return false;
    const { state, probing } = breaker.read(engine.refOf(link.resolved));
    return state === "open" || probing || (state === "resting" && retries === 0);
  }

  async function attemptOn(at: number, entry: RaceEntry | null): Promise<AttemptEnd<T>> {
    // A call that is over calls nobody.
    if (call.interruption !== null) throw call.interruption;
    const link = linkAt(at);
    const { continuation } = shown;
    const conversation = continuation === null ? walk.conversation : [...walk.conversation, continuation];
    const { request, warnings } = toModelRequest(link, call.options, conversation);
    const formLink = { provider: link.provider, model: link.model, index: at, capabilities: link.capabilities };
    const prepared = form.prepare(request, formLink);
    for (const warning of warnings) call.warnings.add(warning);
    if ("skip" in prepared) return { type: "failed", error: prepared.skip, again: false, toolParts: false };
    for (const warning of prepared.warnings) call.warnings.add(warning);
    return runAttempt(engine, call, {
      link,
      formLink,
      form,
      request: prepared.request,
      schemaDialect: prepared.schemaDialect,
      transport: transportOf(prepared.transport, link, prepared.request.responseFormat !== undefined),
      linksLeft: links.length - at,
      shown,
      watcher,
      readToolCall,
      entry,
    });
  }

  /** When to start the next link beside this one; `null`: not at all. */
  function hedgeDelayMs(link: ChainLink): number | null {
    const next = links[index + 1];
    if (hedge === null || !form.mayRace || next === undefined || shown.binds) return null;
    if (breaker.read(engine.refOf(next.resolved)).state !== "closed") return null;
    const usual = engine.stats.firstTokenQuantile(engine.refOf(link.resolved), hedge.quantile, HEDGE_SAMPLES);
    return usual === null ? null : Math.max(hedge.minDelayMs, usual);
  }

  /** One attempt on the link in turn, or a race with the next one. */
  async function attempt(link: ChainLink, slot: Slot): Promise<Exclude<AttemptEnd<T>, { type: "cancelled" }>> {
    const delayMs = hedgeDelayMs(link);
    if (delayMs === null) {
      const end = await attemptOn(index, null);
      if (end.type === "cancelled") throw new Error("an attempt without a rival was cancelled");
      return end;
    }
    const { end, bySecond, firstError } = await runHedged({
      clock,
      delayMs,
      // One that has lost frees its place at once, however long the winner takes.
      runFirst: (entry) => attemptOn(index, entry).finally(() => slot.release()),
      admitSecond: () => trySlot(call, engine.limiterOf(linkAt(index + 1).resolved)),
      runSecond: (entry) => attemptOn(index + 1, entry),
    });
    if (bySecond) {
      if (firstError !== null) errors.push(firstError);
      index += 1;
      retries = 0;
    }
    return end;
  }

  function tellFallback(from: ChainLink, to: ChainLink, error: LLMError | undefined): void {
    const code = error?.code ?? "unknown";
    const [left, next] = [from.resolved.provider, to.resolved.provider];
    logger.warn(`${left.name} failed (${code}): falling back to ${next.name}`, {
      callId: call.id,
      from: left.id,
      to: next.id,
      code,
    });
  }

  function linkAt(at: number): ChainLink {
    const link = links[at];
    if (link === undefined) throw new RangeError(`the chain has no link ${at}`);
    return link;
  }

  for (;;) {
    if (index >= links.length) throw exhausted(call, errors, links.length);
    const slot = await admission(linkAt(index), links.length - index - 1);
    if (slot === null || hasGoneAway(linkAt(index), links.length - index - 1)) {
      slot?.release();
      const left = linkAt(index);
      postponed.add(left);
      links.push(...links.splice(index, 1));
      if (retries > 0) tellFallback(left, linkAt(index), errors.at(-1));
      retries = 0;
      continue;
    }
    const continued = shown.continuation !== null;
    const shownBefore = shown.text.length;
    const end = await attempt(linkAt(index), slot).finally(() => slot.release());
    // A race may have moved the chain on.
    const link = linkAt(index);
    const linksAfter = links.length - index - 1;
    if (end.type === "served") {
      return { link, value: end.value, answer: end.answer, seams: shown.seams, firstTokenMs: end.firstTokenMs };
    }

    const { error, again, toolParts } = end;
    if (again) continue;
    const refused = error.code === "invalid_request" || error.code === "unsupported";
    if (continued && shown.text.length === shownBefore && refused) {
      // It refused to go on from another's text, which was our idea: it is asked again, clean.
      await watcher?.emit(shown.restart(link, link));
      continue;
    }
    errors.push(error);
    const step = nextStep(error, {
      retries,
      linksAfter,
      timeLeftMs: call.timeLeftMs(),
      retry,
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
      throw error.with({ attempts: call.finishedAttempts() });
    }

    const next = links[index + 1];
    const moveOn = step.kind === "fall-back" || (shown.binds && onInterrupted === "continue" && error.fallback);
    const target = moveOn && next !== undefined ? next : link;
    if (shown.binds && watcher !== null) {
      if (onInterrupted === "continue" && !toolParts && !shown.hasToolCalls && canContinue(target, shown.text)) {
        shown.continueFrom(link);
      } else await watcher.emit(shown.restart(link, target));
    }
    if (target === link) {
      retries += 1;
      if (step.kind === "retry") await call.sleep(step.delayMs);
    } else {
      tellFallback(link, target, error);
      index += 1;
      retries = 0;
    }
  }
}
