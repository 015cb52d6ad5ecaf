import type { LinkRef } from "../../contract/link.ts";
import type { Probe } from "../../health/shared-probes.ts";
import type { RetryConfig } from "../../plan/client-defaults.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { addInterruptionListener, timeLeftMs } from "../call.ts";
import type { Engine } from "../engine.ts";
import { backoffMs, isWorthRetrying, mayServeSoon } from "../retry-delay.ts";
import { withTimeout } from "../wait.ts";
import { isReady, type RecoveryWait, type Walk } from "../walk.ts";

/** A link that this call may use now, or until when it waits, or that there is nothing to wait for (`none`). */
type LinkChoice =
  | { readonly kind: "go"; readonly at: number; readonly probe: Probe | null }
  | { readonly kind: "wait"; readonly wakeAtMonoMs: number; readonly probed: readonly ChainLink[] }
  | { readonly kind: "none" };

/** A link that has failed, and when it may be tried again. */
interface RetryCandidate {
  readonly at: number;
  readonly ref: LinkRef;
  readonly failedAtMonoMs: number;
  readonly dueAtMonoMs: number;
  /** The due time is from a rest that the provider requested. */
  readonly rests: boolean;
}

const MIN_POLL_MS = 50;

const NONE: LinkChoice = { kind: "none" };

/**
 * Waits until one of the links can be used, when none is ready. Each link is tried at least once, and again when a retry of this call would
 * be due. One call at a time probes a link, at least half of `baseDelayMs` after the last failure; all waiting calls share its result. The
 * first success of any call ends the wait.
 *
 * @returns `true`: the walk's current link is the one to try. `false`: all links have failed, and the call's retries are used up.
 * @throws the call's interruption
 */
export async function awaitReadyLink(walk: Walk<unknown>): Promise<boolean> {
  const recoveryWait = walk.recoveryWait ?? beginRecoveryWait(walk);
  walk.recoveryWait = recoveryWait;
  for (;;) {
    const choice = chooseLink(walk, recoveryWait);
    if (choice.kind === "none") return false;
    if (choice.kind === "go") {
      walk.index = choice.at;
      walk.probe = choice.probe;
      // Released after the attempt, or here if the call is interrupted before the attempt starts.
      if (walk.probe !== null) addInterruptionListener(walk.call, walk.probe.release);
      return true;
    }
    await awaitChange(walk, recoveryWait, choice.wakeAtMonoMs, choice.probed);
  }
}

function beginRecoveryWait(walk: Walk<unknown>): RecoveryWait {
  const { call, retries, retry, engine } = walk;
  const now = call.clock.monotonic();
  return {
    failuresBefore: engine.probes.countFailures(),
    retries,
    // Retries made without a delay do not shorten the wait.
    retryAtMonoMs: now + backoffSum(retries + 1, retry, engine.random),
    waitForOthersUntilMonoMs: now + backoffSum(retry.maxRetries, retry, noJitter),
    recoveredTries: 0,
  };
}

/** The sum of the backoff delays of the first `retries` retries, milliseconds. */
function backoffSum(retries: number, retry: RetryConfig, random: () => number): number {
  let sum = 0;
  for (let each = 1; each <= Math.min(retries, retry.maxRetries); each += 1) sum += backoffMs(each, retry, random());
  return sum;
}

const noJitter = (): number => 1;

function chooseLink(walk: Walk<unknown>, recoveryWait: RecoveryWait): LinkChoice {
  const { engine, call, retry, links } = walk;
  const now = call.clock.monotonic();
  const leftMs = timeLeftMs(call);
  const endsAt = leftMs === null ? Number.POSITIVE_INFINITY : now + leftMs;
  let wakeAtMonoMs = Number.POSITIVE_INFINITY;
  const probed: ChainLink[] = [];
  const candidates: RetryCandidate[] = [];
  let isShared = false;

  for (const [at, link] of links.entries()) {
    const failure = walk.failures.get(link);
    if (failure !== undefined && !mayServeSoon(failure, retry)) continue;
    const ref = link.resolved.ref;
    const latest = engine.probes.latestFailureOf(ref);
    // If the latest failure of a link is cleared, the link has served another call since it failed this one.
    const hasRecovered = failure !== undefined && latest === undefined;
    if (hasRecovered && recoveryWait.recoveredTries >= retry.maxRetries) continue;
    if (latest === undefined && isReady(walk, link)) {
      if (hasRecovered) recoveryWait.recoveredTries += 1;
      return { kind: "go", at, probe: null };
    }
    const isKnownToFail = latest !== undefined && (failure !== undefined || hasFailedSince(walk, recoveryWait, link));
    if (isKnownToFail && !mayServeSoon(latest.error, retry)) continue;
    const isProbing = engine.probes.isProbing(ref);
    if (isProbing || engine.breaker.read(ref).probing) {
      probed.push(link);
      // A probe of another process sends no event when it ends: poll.
      if (!isProbing) wakeAtMonoMs = Math.min(wakeAtMonoMs, now + Math.max(MIN_POLL_MS, spacingMs(engine)));
      continue;
    }
    isShared ||= isKnownToFail && engine.probes.isAwaited(ref);
    const candidate = toCandidate(walk, at, ref, endsAt);
    if (!isKnownToFail) {
      if (candidate.dueAtMonoMs <= now || (!candidate.rests && engine.budget.take(ref))) {
        if (hasRecovered) recoveryWait.recoveredTries += 1;
        return probeLink(walk, candidate);
      }
      wakeAtMonoMs = Math.min(wakeAtMonoMs, candidate.dueAtMonoMs);
    } else if (failure === undefined || isWorthRetrying(failure, retry)) candidates.push(candidate);
  }

  const retryAt = nextRetry(walk, recoveryWait, candidates, probed.length > 0);
  if (typeof retryAt === "object") return probeLink(walk, retryAt);
  wakeAtMonoMs = Math.min(wakeAtMonoMs, retryAt);
  // The call's own retries are used up, but retries of other waiting calls may still find a link that works.
  if (isShared && recoveryWait.waitForOthersUntilMonoMs > now)
    wakeAtMonoMs = Math.min(wakeAtMonoMs, recoveryWait.waitForOthersUntilMonoMs);
  if (wakeAtMonoMs >= endsAt) wakeAtMonoMs = Number.POSITIVE_INFINITY;
  return wakeAtMonoMs === Number.POSITIVE_INFINITY && probed.length === 0
    ? NONE
    : { kind: "wait", wakeAtMonoMs, probed };
}

/**
 * Whether a link has failed since this call started to wait, so that it need not be tried. A failure of another call does not count while
 * the circuit of the link stays closed.
 */
function hasFailedSince(
  { engine, failures }: Walk<unknown>,
  { failuresBefore }: RecoveryWait,
  link: ChainLink,
): boolean {
  const { ref } = link.resolved;
  const latest = engine.probes.latestFailureOf(ref);
  if (latest === undefined || latest.sequence <= failuresBefore) return false;
  return failures.has(link) || engine.breaker.read(ref).state !== "closed";
}

/**
 * The link to retry now, or the time of the next retry; `Infinity`: none. A retry that another call has made since it was due counts as a
 * retry of this call; a retry that another call is making is waited for.
 */
function nextRetry(
  walk: Walk<unknown>,
  recoveryWait: RecoveryWait,
  candidates: readonly RetryCandidate[],
  isProbed: boolean,
): RetryCandidate | number {
  const { call, retry, engine } = walk;
  const now = call.clock.monotonic();
  while (recoveryWait.retries < retry.maxRetries && candidates.length > 0) {
    if (now < recoveryWait.retryAtMonoMs) return recoveryWait.retryAtMonoMs;
    const due = candidates.filter(({ dueAtMonoMs }) => dueAtMonoMs <= now);
    const [oldest] = due.toSorted((a, b) => a.failedAtMonoMs - b.failedAtMonoMs);
    const isMade = candidates.some(
      ({ rests, failedAtMonoMs }) => !rests || failedAtMonoMs >= recoveryWait.retryAtMonoMs,
    );
    if (oldest === undefined && !isMade) {
      if (isProbed) return Number.POSITIVE_INFINITY;
      recoveryWait.retryAtMonoMs = Math.min(...candidates.map(({ dueAtMonoMs }) => dueAtMonoMs));
      return recoveryWait.retryAtMonoMs;
    }
    recoveryWait.retries += 1;
    recoveryWait.retryAtMonoMs = now + backoffMs(recoveryWait.retries + 1, retry, engine.random());
    recoveryWait.waitForOthersUntilMonoMs = Math.max(recoveryWait.waitForOthersUntilMonoMs, now + spacingMs(engine));
    if (oldest !== undefined) return oldest;
  }
  return Number.POSITIVE_INFINITY;
}

/** Minimum time between a failure of a link and its next probe. */
const spacingMs = ({ config }: Engine): number => config.retry.baseDelayMs / 2;

function probeLink({ engine }: Walk<unknown>, { at, ref }: RetryCandidate): LinkChoice {
  return { kind: "go", at, probe: engine.probes.begin(ref) };
}

/** When a link may be tried again: after a short rest, and no earlier than `spacingMs` after its latest failure. */
function toCandidate({ engine, retry }: Walk<unknown>, at: number, ref: LinkRef, endsAt: number): RetryCandidate {
  const { state, untilMonoMs } = engine.breaker.read(ref);
  const now = engine.clock.monotonic();
  const failedAtMonoMs = engine.probes.latestFailureOf(ref)?.failedAtMonoMs ?? Number.NEGATIVE_INFINITY;
  const spacedAt = failedAtMonoMs + spacingMs(engine);
  const isResting = state === "resting" && untilMonoMs !== null;
  const rests = isResting && untilMonoMs - now <= retry.maxRetryAfterMs && untilMonoMs < endsAt;
  return { at, ref, failedAtMonoMs, dueAtMonoMs: rests ? Math.max(untilMonoMs, spacedAt) : spacedAt, rests };
}

/** Resolves when a link has recovered, when the pending probes have ended, or at `wakeAtMonoMs`. */
async function awaitChange(
  walk: Walk<unknown>,
  recoveryWait: RecoveryWait,
  wakeAtMonoMs: number,
  probed: readonly ChainLink[],
): Promise<void> {
  const { engine, call, links } = walk;
  const { probes } = engine;
  const isBeingProbed = ({ resolved: { ref } }: ChainLink) => probes.isProbing(ref) || engine.breaker.read(ref).probing;
  const hasFailed = (link: ChainLink) => hasFailedSince(walk, recoveryWait, link);
  const refs = links.map(({ resolved }) => resolved.ref);
  let stopWaiting = (): void => {};
  const linkChanged = new Promise<null>((resolve) => {
    stopWaiting = probes.wait(refs, {
      recovered: () => resolve(null),
      failed() {
        if (probed.length === 0) return;
        // While some probes are pending, only one that ended without a result requires a new choice.
        if (!probed.some(isBeingProbed) || !probed.every((ref) => isBeingProbed(ref) || hasFailed(ref))) resolve(null);
      },
    });
  });
  const waitMs = wakeAtMonoMs === Number.POSITIVE_INFINITY ? null : Math.max(0, wakeAtMonoMs - call.clock.monotonic());
  try {
    await withTimeout(call, linkChanged, waitMs);
  } finally {
    stopWaiting();
  }
}
