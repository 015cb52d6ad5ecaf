import type { Clock, Refusal } from "@babylon/llm-core";
import type { AskEstimate } from "../ask/estimate-ask.ts";
import type { WhileAway } from "../contract/budget-window.ts";
import { NO_CLOSED_STEPS } from "../ledger/closed-steps.ts";
import type { EngineTime } from "../ledger/engine-time.ts";
import type { KnownWindows } from "../ledger/known-windows.ts";
import { type Target, targetsAt } from "../ledger/target.ts";
import type { Outage } from "../outage/outage.ts";
import type { MatchedRule } from "../rules/compiled-budget.ts";
import { NO_WAIT, notEnough, storeAway, untilEnd } from "./refusal-text.ts";

/** Options of {@link createPeekWindows}. */
export interface PeekOptions {
  readonly known: KnownWindows;
  readonly outage: Outage;
  readonly whileAway: WhileAway;
  readonly clock: Clock;
  readonly time: EngineTime;
  /** A window was looked at: what is known about it is read again if it is old. */
  readonly wanted: (target: Target) => void;
}

/** Whether an attempt would be refused. */
export type PeekWindows = (matched: readonly MatchedRule[], estimate: AskEstimate) => Refusal | undefined;

/** Creates the function that says whether an attempt would be refused now, by what this process knows: no I/O, and nothing is held. */
export function createPeekWindows({ known, outage, whileAway, clock, time, wanted }: PeekOptions): PeekWindows {
  function refusalOf(target: Target, nowEpochMs: number): Refusal | undefined {
    const { compiled, amount, leftKey } = target;
    wanted(target);
    if (!compiled.refuses) return undefined;
    if (amount > compiled.limit) return notEnough(target, known.get(leftKey)?.left ?? compiled.limit, NO_WAIT);
    const left = known.get(leftKey)?.left;
    if (left === undefined || amount <= left) return undefined;
    return notEnough(target, left, untilEnd(target, nowEpochMs));
  }

  return (matched, estimate) => {
    const shares = outage.shares();
    const refusing = matched.filter(({ compiled }) => compiled.refuses);
    if (shares !== null && whileAway === "allow") return undefined;
    if (shares !== null && whileAway === "deny") return refusing.length === 0 ? undefined : storeAway(refusing, 1_000);
    const now = time.nowEpochMs();
    const targets = targetsAt(matched, estimate, now ?? clock.now(), NO_CLOSED_STEPS) ?? [];
    if (shares !== null) {
      const refusal = shares.check(targets);
      return refusal === null
        ? undefined
        : notEnough(refusal.target, refusal.left, { for: "store", retryAfterMs: 1_000 });
    }
    for (const target of targets) {
      const refusal = refusalOf(target, now ?? clock.now());
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };
}
