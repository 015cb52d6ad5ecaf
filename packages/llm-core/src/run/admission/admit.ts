import type { Slot } from "../../limit/concurrency-limiter.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { timeLeftMs } from "../call.ts";
import { outOfLinksError } from "../chain-errors.ts";
import { shareOfTime } from "../share-of-time.ts";
import { sleep } from "../wait.ts";
import { isReady, linkAt, linksLeft, nextReady, postpone, type Walk } from "../walk.ts";
import { acquireSlot } from "./acquire-slot.ts";
import { awaitReadyLink } from "./await-ready-link.ts";

/** A rest of at most this length is waited for even if another link is ready. */
const SHORT_REST_MS = 50;

/** Called when a link could not be used and another one has become the current link. */
type OnLinkSkipped = (walk: Walk<unknown>, from: ChainLink) => void;

/** A slot at the provider of the current link. The result of a wait is passed to {@link resume}; `null`: no slot in time. */
type PendingSlot = Slot | Promise<Slot | null>;

/**
 * Acquires a slot at the provider of the current link: synchronously if the link is ready and has a free slot. Else the walk moves on to
 * the next ready link, or waits for one. Rejects with the error of an exhausted chain, and with the call's interruption.
 */
export function admit(walk: Walk<unknown>, onLinkSkipped: OnLinkSkipped): PendingSlot {
  const link = linkAt(walk, walk.index);
  if (walk.probe === null && !isReady(walk, link)) return findReadyLink(walk, onLinkSkipped, false);
  const { engine, call } = walk;
  const linkCount = linksLeft(walk);
  const maxWaitMs = linkCount <= 1 ? null : shareOfTime(null, timeLeftMs(call), linkCount);
  const { provider, ref } = link.resolved;
  return acquireSlot(call, engine.limiterOf(provider, ref), maxWaitMs);
}

/** Continues after a wait: meanwhile the link may have failed other calls, another call may probe it, or no slot was free in time. */
export function resume(walk: Walk<unknown>, slot: Slot | null, onLinkSkipped: OnLinkSkipped): PendingSlot {
  if (slot !== null && (walk.probe !== null || isReady(walk, linkAt(walk, walk.index)))) return slot;
  slot?.release();
  walk.probe?.release();
  walk.probe = null;
  return findReadyLink(walk, onLinkSkipped, slot === null);
}

/** Moves to another link, or waits until the current one is ready again. */
async function findReadyLink(walk: Walk<unknown>, onLinkSkipped: OnLinkSkipped, isBusy: boolean): Promise<Slot | null> {
  const { engine, call, retries, index } = walk;
  const link = linkAt(walk, index);
  const next = nextReady(walk);
  const restMs = isBusy || retries === 0 ? null : shortRestMs(walk, link);
  if (restMs !== null && (next < 0 || restMs <= SHORT_REST_MS)) {
    // The call has already waited for its retry on this link: it also waits for a short remaining rest. A longer rest, caused by replies to
    // other calls, makes it move on.
    await sleep(call, restMs);
  } else if (next > 0) {
    postpone(walk, index, next);
    onLinkSkipped(walk, link);
  } else if (isBusy) {
    // There is no other link to try: wait for the slot without a limit.
    const { provider, ref } = link.resolved;
    return acquireSlot(call, engine.limiterOf(provider, ref), null);
  } else {
    if (!(await awaitReadyLink(walk))) throw outOfLinksError(walk);
    if (linkAt(walk, walk.index) !== link) onLinkSkipped(walk, link);
  }
  return admit(walk, onLinkSkipped);
}

/** The remaining rest of the link, milliseconds; `null` if it is too long to wait for, or not resting. */
function shortRestMs({ engine, call, retry }: Walk<unknown>, link: ChainLink): number | null {
  const { state, untilMonoMs } = engine.breaker.read(link.resolved.ref);
  // Its rest may have ended since the previous read.
  if (state === "closed") return 0;
  if (state !== "resting" || untilMonoMs === null) return null;
  const restMs = Math.max(0, untilMonoMs - call.clock.monotonic());
  const leftMs = timeLeftMs(call);
  return restMs <= retry.maxRetryAfterMs && (leftMs === null || restMs < leftMs) ? restMs : null;
}
