import type { Clock, Refusal } from "@babylon/llm-core";
import type { WhileAway } from "../contract/budget-window.ts";
import { NO_WAIT, notEnough, storeAway } from "../gate/refusal-text.ts";
import { NO_CLOSED_STEPS } from "../ledger/closed-steps.ts";
import type { EngineTime } from "../ledger/engine-time.ts";
import type { ReserverAsk } from "../ledger/reserver-ask.ts";
import type { Reservation } from "../ledger/settler.ts";
import { type Target, targetsAt } from "../ledger/target.ts";
import type { Outage } from "./outage.ts";

/** What a decision without the ledger needs. */
export interface AwayContext {
  readonly time: EngineTime;
  readonly outage: Outage;
  readonly whileAway: WhileAway;
  readonly clock: Clock;
}

/** The store is probed once a second. */
const RETRY_MS = 1_000;

/** Decides about an attempt without the ledger. */
export function reserveAway(
  { matched, estimate, isHedge }: ReserverAsk,
  { time, outage, whileAway, clock }: AwayContext,
): Reservation | Refusal {
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
  return { id: null, targets };
}
