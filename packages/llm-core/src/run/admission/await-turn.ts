import type { LinkRef } from "../../contract/link.ts";
import type { Probe } from "../../health/shared-probes.ts";
import type { RetryConfig } from "../../plan/client-config.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { backoffMs } from "../backoff.ts";
import { addWaiter, timeLeftMs } from "../call.ts";
import type { Engine } from "../engine.ts";
import { isWorthRetrying, mayServeSoon } from "../next-step.ts";
import { within } from "../wait.ts";
import { isReady, type Turns, type Walk } from "../walk.ts";

/** A link that this call may use now, or until when it waits, or that there is nothing to wait for. */
type Outlook =
  | { readonly kind: "go"; readonly at: number; readonly probe: Probe | null }
  | { readonly kind: "wait"; readonly wakeAtMonoMs: number; readonly probed: readonly ChainLink[] }
  | { readonly kind: "none" };

/** A link that has failed and may be asked again at a moment. */
interface Due {
  readonly at: number;
  readonly ref: LinkRef;
  readonly failedAtMonoMs: number;
  readonly dueAtMonoMs: number;
  /** It is not due because the provider asked for time. */
  readonly rests: boolean;
}

const LEAST_POLL_MS = 50;

const NONE: Outlook = { kind: "none" };

/**
 * Waits until one of the links can be used, when none is ready. Each link is looked at once at least, and again when a retry of this
 * call would have been due; one call at a time probes a link, with half of `baseDelayMs` in between, and its result counts for all
 * that wait. The first success of any call ends the wait.
 *
 * @returns `true`: the link in turn is the one to try. `false`: all have failed, and the call's retries are spent.
 * @throws the call's interruption
 */
export async function awaitTurn(walk: Walk<unknown>): Promise<boolean> {
  const turns = walk.turns ?? beginTurns(walk);
  walk.turns = turns;
  for (;;) {
    const outlook = lookOut(walk, turns);
    if (outlook.kind === "none") return false;
    if (outlook.kind === "go") {
      walk.index = outlook.at;
      walk.probe = outlook.probe;
      // Until the attempt has ended; also where the call is over before there is one.
      if (walk.probe !== null) addWaiter(walk.call, walk.probe.release);
      return true;
    }
    await changed(walk, turns, outlook.wakeAtMonoMs, outlook.probed);
  }
}

function beginTurns(walk: Walk<unknown>): Turns {
  const { call, retries, retry, engine } = walk;
  const now = call.clock.monotonic();
  return {
    sinceFailure: engine.probes.countFailures(),
    retries,
    // Retries that were made at once have not used the time of a slow one.
    retryAtMonoMs: now + backoffSum(retries + 1, retry, engine.random),
    endsAtMonoMs: now + backoffSum(retry.maxRetries, retry, longest),
    followed: 0,
  };
}

/** How long so many retries last with backoff. */
function backoffSum(retries: number, retry: RetryConfig, random: () => number): number {
  let sum = 0;
  for (let each = 1; each <= Math.min(retries, retry.maxRetries); each += 1) sum += backoffMs(each, retry, random());
  return sum;
}

const longest = (): number => 1;

function lookOut(walk: Walk<unknown>, turns: Turns): Outlook {
  const { engine, call, retry, links } = walk;
  const now = call.clock.monotonic();
  const leftMs = timeLeftMs(call);
  const endsAt = leftMs === null ? Number.POSITIVE_INFINITY : now + leftMs;
  let wakeAtMonoMs = Number.POSITIVE_INFINITY;
  const probed: ChainLink[] = [];
  const again: Due[] = [];
  let isShared = false;

  for (const [at, link] of links.entries()) {
    const failure = walk.failures.get(link);
    if (failure !== undefined && !mayServeSoon(failure, retry)) continue;
    const ref = link.resolved.ref;
    const trouble = engine.probes.troubleOf(ref);
    // A link that failed this call and no longer is in trouble has served another one since.
    const isFollowed = failure !== undefined && trouble === undefined;
    if (isFollowed && turns.followed >= retry.maxRetries) continue;
    if (trouble === undefined && isReady(walk, link)) {
      if (isFollowed) turns.followed += 1;
      return { kind: "go", at, probe: null };
    }
    const isSeen = trouble !== undefined && (failure !== undefined || hasFailedSince(walk, turns, link));
    if (isSeen && !mayServeSoon(trouble.error, retry)) continue;
    const isProbing = engine.probes.isProbing(ref);
    if (isProbing || engine.breaker.read(ref).probing) {
      probed.push(link);
      // The end of a probe that another process makes is not heard here.
      if (!isProbing) wakeAtMonoMs = Math.min(wakeAtMonoMs, now + Math.max(LEAST_POLL_MS, spacingMs(engine)));
      continue;
    }
    isShared ||= isSeen && engine.probes.isAwaited(ref);
    const due = dueOf(walk, at, ref, endsAt);
    if (!isSeen) {
      if (due.dueAtMonoMs <= now || (!due.rests && engine.budget.take(ref))) {
        if (isFollowed) turns.followed += 1;
        return go(walk, due);
      }
      wakeAtMonoMs = Math.min(wakeAtMonoMs, due.dueAtMonoMs);
    } else if (failure === undefined || isWorthRetrying(failure, retry)) again.push(due);
  }

  const retryAt = nextRetry(walk, turns, again, probed.length > 0);
  if (typeof retryAt === "object") return go(walk, retryAt);
  wakeAtMonoMs = Math.min(wakeAtMonoMs, retryAt);
  // Its own retries are over; those of others that wait may still find a link for it, as long as its own could have lasted.
  if (isShared && turns.endsAtMonoMs > now) wakeAtMonoMs = Math.min(wakeAtMonoMs, turns.endsAtMonoMs);
  if (wakeAtMonoMs >= endsAt) wakeAtMonoMs = Number.POSITIVE_INFINITY;
  return wakeAtMonoMs === Number.POSITIVE_INFINITY && probed.length === 0
    ? NONE
    : { kind: "wait", wakeAtMonoMs, probed };
}

/**
 * Whether a link has failed since the call waits, so that another failure need not be seen. What failed another call and is in use all the
 * same may serve this one: that does not count.
 */
function hasFailedSince({ engine, failures }: Walk<unknown>, { sinceFailure }: Turns, link: ChainLink): boolean {
  const { ref } = link.resolved;
  const trouble = engine.probes.troubleOf(ref);
  if (trouble === undefined || trouble.failure <= sinceFailure) return false;
  return failures.has(link) || engine.breaker.read(ref).state !== "closed";
}

/**
 * The link to retry now, or the moment of the next retry; `Infinity`: there is none. A retry that another call has made in the place
 * of this one since it was due counts; while another call is making it, it is waited for.
 */
function nextRetry(walk: Walk<unknown>, turns: Turns, again: readonly Due[], isProbed: boolean): Due | number {
  const { call, retry, engine } = walk;
  const now = call.clock.monotonic();
  while (turns.retries < retry.maxRetries && again.length > 0) {
    if (now < turns.retryAtMonoMs) return turns.retryAtMonoMs;
    const due = again.filter(({ dueAtMonoMs }) => dueAtMonoMs <= now);
    const [oldest] = due.toSorted((a, b) => a.failedAtMonoMs - b.failedAtMonoMs);
    const isMade = again.some(({ rests, failedAtMonoMs }) => !rests || failedAtMonoMs >= turns.retryAtMonoMs);
    if (oldest === undefined && !isMade) {
      if (isProbed) return Number.POSITIVE_INFINITY;
      turns.retryAtMonoMs = Math.min(...again.map(({ dueAtMonoMs }) => dueAtMonoMs));
      return turns.retryAtMonoMs;
    }
    turns.retries += 1;
    turns.retryAtMonoMs = now + backoffMs(turns.retries + 1, retry, engine.random());
    turns.endsAtMonoMs = Math.max(turns.endsAtMonoMs, now + spacingMs(engine));
    if (oldest !== undefined) return oldest;
  }
  return Number.POSITIVE_INFINITY;
}

/** The least time between a failure of a link and the next probe of it. */
const spacingMs = ({ config }: Engine): number => config.retry.baseDelayMs / 2;

function go({ engine }: Walk<unknown>, { at, ref }: Due): Outlook {
  return { kind: "go", at, probe: engine.probes.begin(ref) };
}

/** When a link may be asked again: after a short rest, and not too soon after it failed last. */
function dueOf({ engine, retry }: Walk<unknown>, at: number, ref: LinkRef, endsAt: number): Due {
  const { state, untilMonoMs } = engine.breaker.read(ref);
  const now = engine.clock.monotonic();
  const failedAtMonoMs = engine.probes.troubleOf(ref)?.failedAtMonoMs ?? Number.NEGATIVE_INFINITY;
  const spacedAt = failedAtMonoMs + spacingMs(engine);
  const isResting = state === "resting" && untilMonoMs !== null;
  const rests = isResting && untilMonoMs - now <= retry.maxRetryAfterMs && untilMonoMs < endsAt;
  return { at, ref, failedAtMonoMs, dueAtMonoMs: rests ? Math.max(untilMonoMs, spacedAt) : spacedAt, rests };
}

/** Resolves when a link has recovered, when the probes that are out have ended, or at the moment. */
async function changed(
  walk: Walk<unknown>,
  turns: Turns,
  wakeAtMonoMs: number,
  probed: readonly ChainLink[],
): Promise<void> {
  const { engine, call, links } = walk;
  const { probes } = engine;
  const isOut = ({ resolved: { ref } }: ChainLink) => probes.isProbing(ref) || engine.breaker.read(ref).probing;
  const hasFailed = (link: ChainLink) => hasFailedSince(walk, turns, link);
  const refs = links.map(({ resolved }) => resolved.ref);
  let leave = (): void => {};
  const heard = new Promise<null>((resolve) => {
    leave = probes.wait(refs, {
      recovered: () => resolve(null),
      failed() {
        if (probed.length === 0) return;
        // While some are out, those that ended without a result are the reason to look.
        if (!probed.some(isOut) || !probed.every((ref) => isOut(ref) || hasFailed(ref))) resolve(null);
      },
    });
  });
  const waitMs = wakeAtMonoMs === Number.POSITIVE_INFINITY ? null : Math.max(0, wakeAtMonoMs - call.clock.monotonic());
  try {
    await within(call, heard, waitMs);
  } finally {
    leave();
  }
}
