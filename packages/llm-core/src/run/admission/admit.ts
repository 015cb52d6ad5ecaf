import type { Slot } from "../../limit/concurrency-limiter.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { timeLeftMs } from "../call.ts";
import { outOfLinks } from "../chain-errors.ts";
import { shareOfTime } from "../share-of-time.ts";
import { sleep } from "../wait.ts";
import { isReady, linkAt, linksLeft, nextReady, postpone, type Walk } from "../walk.ts";
import { acquireSlot } from "./acquire-slot.ts";
import { awaitTurn } from "./await-turn.ts";

/** As much of a rest is waited for while another link is ready. */
const LAST_OF_REST_MS = 50;

/** Hears that a link could not be used, and that another one is in turn. */
type GiveWay = (walk: Walk<unknown>, from: ChainLink) => void;

/** A slot at the provider of the link in turn. What was waited for is handed to {@link resume}: `null` when patience ran out. */
type Admission = Slot | Promise<Slot | null>;

/**
 * A slot at the provider of the link in turn: at once where the link is ready and has one free. Else the walk goes on to the next
 * ready link, or waits for one. Rejects with the error of a chain that is at its end, and with the call's interruption.
 */
export function admit(walk: Walk<unknown>, giveWay: GiveWay): Admission {
  const link = linkAt(walk, walk.index);
  if (walk.probe === null && !isReady(walk, link)) return find(walk, giveWay, false);
  const { engine, call } = walk;
  const left = linksLeft(walk);
  const patienceMs = left <= 1 ? null : shareOfTime(null, timeLeftMs(call), left);
  const { provider, ref } = link.resolved;
  return acquireSlot(call, engine.limiterOf(provider, ref), patienceMs);
}

/** After the wait: the link may have failed others meanwhile, another call may have gone to probe it, or there was no slot in time. */
export function resume(walk: Walk<unknown>, slot: Slot | null, giveWay: GiveWay): Admission {
  if (slot !== null && (walk.probe !== null || isReady(walk, linkAt(walk, walk.index)))) return slot;
  slot?.release();
  walk.probe?.release();
  walk.probe = null;
  return find(walk, giveWay, slot === null);
}

/** Finds a link for the call that is not the one in turn, unless that one comes back. */
async function find(walk: Walk<unknown>, giveWay: GiveWay, isBusy: boolean): Promise<Slot | null> {
  const { engine, call, retries, index } = walk;
  const link = linkAt(walk, index);
  const next = nextReady(walk);
  const restMs = isBusy || retries === 0 ? null : shortRestMs(walk, link);
  if (restMs !== null && (next < 0 || restMs <= LAST_OF_REST_MS)) {
    // A retry has waited for this link; the last of its rest is waited for, too, not taken for a reason to leave. A longer one, which
    // replies to others began, is.
    await sleep(call, restMs);
  } else if (next > 0) {
    postpone(walk, index, next);
    giveWay(walk, link);
  } else if (isBusy) {
    // There is no other link to try: the slot is waited for as long as the call lives.
    const { provider, ref } = link.resolved;
    return acquireSlot(call, engine.limiterOf(provider, ref), null);
  } else {
    if (!(await awaitTurn(walk))) throw outOfLinks(walk);
    if (linkAt(walk, walk.index) !== link) giveWay(walk, link);
  }
  return admit(walk, giveWay);
}

/** How long the link still rests, if that is not too long to wait for. */
function shortRestMs({ engine, call, retry }: Walk<unknown>, link: ChainLink): number | null {
  const { state, untilMonoMs } = engine.breaker.read(link.resolved.ref);
  // Between two looks at it, its rest may have ended.
  if (state === "closed") return 0;
  if (state !== "resting" || untilMonoMs === null) return null;
  const restMs = Math.max(0, untilMonoMs - call.clock.monotonic());
  const leftMs = timeLeftMs(call);
  return restMs <= retry.maxRetryAfterMs && (leftMs === null || restMs < leftMs) ? restMs : null;
}
