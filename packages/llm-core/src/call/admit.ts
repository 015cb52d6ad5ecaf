import type { ChainLink } from "../chain/plan-chain.ts";
import { shareOfTime } from "../chain/share-of-time.ts";
import type { Slot } from "../limit/concurrency-limiter.ts";
import { acquireSlot } from "./acquire-slot.ts";
import { awaitTurn } from "./await-turn.ts";
import { timeLeftMs } from "./call.ts";
import { sleep } from "./wait.ts";
import { isReady, linkAt, linksLeft, nextReady, postpone, type Walk } from "./walk.ts";

/**
 * A slot at the provider of the link in turn: at once where the link is ready and has one free. Else the walk goes on to the next
 * ready link, or waits for one. `giveWay` hears when a link could not be used. `null`: every link has failed.
 */
export function admit(walk: Walk<unknown>, giveWay: (from: ChainLink) => void): Slot | Promise<Slot | null> {
  const link = linkAt(walk, walk.index);
  if (walk.probe === null && !isReady(walk, link)) return find(walk, giveWay);
  const slot = takeSlot(walk, link);
  return slot instanceof Promise ? queued(walk, link, slot, giveWay) : slot;
}

function takeSlot(walk: Walk<unknown>, link: ChainLink): Slot | Promise<Slot | null> {
  const { engine, call } = walk;
  const left = linksLeft(walk);
  const patienceMs = left <= 1 ? null : shareOfTime(null, timeLeftMs(call), left);
  return acquireSlot(call, engine.limiterOf(link.resolved), patienceMs);
}

/** Waits for a slot; the link may have failed others meanwhile, or another call may have gone to probe it. */
async function queued(
  walk: Walk<unknown>,
  link: ChainLink,
  granted: Promise<Slot | null>,
  giveWay: (from: ChainLink) => void,
): Promise<Slot | null> {
  const slot = await granted;
  if (slot !== null && (walk.probe !== null || isReady(walk, link))) return slot;
  slot?.release();
  walk.probe?.release();
  walk.probe = null;
  return find(walk, giveWay, slot === null);
}

/** Finds a link for the call that is not the one in turn, unless that one comes back. */
async function find(walk: Walk<unknown>, giveWay: (from: ChainLink) => void, isBusy = false): Promise<Slot | null> {
  const link = linkAt(walk, walk.index);
  const restMs = isBusy || walk.retries === 0 ? null : shortRestMs(walk, link);
  if (restMs !== null) {
    // A retry has waited for this link; the last of its rest is waited for, too, not taken for a reason to leave.
    await sleep(walk.call, restMs);
    return admit(walk, giveWay);
  }
  const next = nextReady(walk);
  if (next > 0) {
    postpone(walk, walk.index, next);
    giveWay(link);
  } else if (isBusy) {
    // There is no other link to try: the slot is waited for as long as the call lives.
    return queued(
      walk,
      link,
      Promise.resolve(acquireSlot(walk.call, walk.engine.limiterOf(link.resolved), null)),
      giveWay,
    );
  } else {
    if (!(await awaitTurn(walk))) return null;
    if (linkAt(walk, walk.index) !== link) giveWay(link);
  }
  return admit(walk, giveWay);
}

/** How long the link still rests, if that is not too long to wait for. */
function shortRestMs({ engine, call, retry }: Walk<unknown>, link: ChainLink): number | null {
  const { state, until } = engine.breaker.read(engine.refOf(link.resolved));
  if (state !== "resting" || until === null) return null;
  const restMs = Math.max(0, until - call.clock.monotonic());
  const leftMs = timeLeftMs(call);
  return restMs <= retry.maxRetryAfterMs && (leftMs === null || restMs < leftMs) ? restMs : null;
}
