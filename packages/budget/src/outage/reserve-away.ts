import type { Clock, Refusal } from "@babylon/llm-core";
import type { WhileAway } from "../contract/budget-window.ts";
import { NO_WAIT, notEnough, storeAway } from "../gate/refusal-text.ts";
import { NO_CLOSED_STEPS } from "../ledger/closed-steps.ts";
import type { EngineTime } from "../ledger/engine-time.ts";
import type { ReserverAsk } from "../ledger/reserver-ask.ts";
import type { Reservation } from "../ledger/settler.ts";
import { type Target, targetsAt } from "../ledger/target.ts";
import type { Journal } from "./journal.ts";
import type { Outage } from "./outage.ts";

/** What a decision without the ledger needs. */
export interface AwayContext {
  readonly time: EngineTime;
  readonly outage: Outage;
  readonly journal: Journal;
  readonly whileAway: WhileAway;
  readonly clock: Clock;
}

/** The store is probed once a second. */
const RETRY_MS = 1_000;

/** Of an attempt that is made although it cannot be counted. */
export const UNCOUNTED: Reservation = { at: "journal", id: "", targets: [] };

/** Decides about an attempt without the ledger. It is noted in the journal before its request. */
export async function reserveAway(
  { matched, estimate, isHedge }: ReserverAsk,
  { time, outage, journal, whileAway, clock }: AwayContext,
): Promise<Reservation | Refusal> {
  const refusing = matched.filter(({ compiled }) => compiled.refuses);
  if (whileAway === "deny" && refusing.length > 0) return storeAway(refusing, RETRY_MS);
  // An attempt too many, of what is left to this process.
  if (whileAway === "share" && isHedge && refusing.length > 0) return storeAway(refusing, RETRY_MS);
  const epochMs = time.nowEpochMs();
  if (epochMs === null && whileAway === "share" && refusing.length > 0) return storeAway(refusing, RETRY_MS);
  const targets: readonly Target[] = targetsAt(matched, estimate, epochMs ?? clock.now(), NO_CLOSED_STEPS) ?? [];
  const shares = outage.shares();
  if (whileAway === "share" && shares !== null) {
    const refusal = shares.take(targets);
    if (refusal !== null) {
      const { target, left } = refusal;
      const wait =
        target.amount > target.compiled.limit ? NO_WAIT : ({ for: "store", retryAfterMs: RETRY_MS } as const);
      return notEnough(target, left, wait);
    }
  }
  const id = await journal.hold(targets.map(({ key, amount, end }) => ({ key, spent: 0, presumed: amount, ...end })));
  if (id !== null) return { at: "journal", id, targets };
  if (whileAway === "allow" || refusing.length === 0) return UNCOUNTED;
  for (const { leftKey, amount } of targets) shares?.add(leftKey, amount);
  return storeAway(refusing, RETRY_MS);
}
