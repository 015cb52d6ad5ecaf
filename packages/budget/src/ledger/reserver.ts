import type { Clock, Logger, Refusal } from "@babylon/llm-core";
import { type Ledger, type ReserveAnswer, type ReserveRefusal, StorageError } from "@babylon/shared-state";
import type { WhileAway } from "../contract/budget-window.ts";
import { NO_WAIT, notEnough, storeAway, untilEnd, type Wait } from "../gate/refusal-text.ts";
import type { Journal } from "../outage/journal.ts";
import type { Outage } from "../outage/outage.ts";
import { reserveAway, UNCOUNTED } from "../outage/reserve-away.ts";
import type { ClosedSteps } from "./closed-steps.ts";
import type { EngineTime } from "./engine-time.ts";
import type { KnownWindows } from "./known-windows.ts";
import type { Refresher } from "./refresher.ts";
import type { ReserverAsk } from "./reserver-ask.ts";
import type { Reservation, Settler } from "./settler.ts";
import { isWrongStep, leftOfRule, type Target, targetsAt, toScopeAsk } from "./target.ts";

/** Reserves the amounts of attempts. */
export interface Reserver {
  /** Reserves in all windows, or refuses. Never rejects. */
  reserve(ask: ReserverAsk): Promise<Reservation | Refusal>;
}

/** Options of {@link createReserver}. */
export interface ReserverOptions {
  readonly ledger: Ledger;
  readonly closed: ClosedSteps;
  readonly known: KnownWindows;
  readonly time: EngineTime;
  readonly refresher: Refresher;
  readonly outage: Outage;
  readonly journal: Journal;
  readonly settler: Settler;
  readonly whileAway: WhileAway;
  readonly leaseMs: number;
  readonly createId: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Rolling steps that end while they are read. More of them mean that time does not go on. */
const MAX_ROUNDS = 4;

/** Suggested delay while others hold what is missing. */
const HELD_RETRY_MS = 1_000;

/** The question to the ledger that was asked last. */
interface Asked {
  id: string;
  targets: readonly Target[];
}

/** Thrown out of the ledger's question when a new step of a rolling period has begun. */
class StepsMissing extends Error {}

/** Creates the reserver. */
export function createReserver(options: ReserverOptions): Reserver {
  const { ledger, closed, known, time, refresher, outage, settler, leaseMs, createId, logger } = options;

  /** Asks for the windows of now, and again when a new step of a rolling period has begun meanwhile. */
  async function ask({ matched, estimate, isHedge }: ReserverAsk, asked: Asked): Promise<ReserveAnswer> {
    for (let round = 1; ; round += 1) {
      await closed.load(matched, time.nowEpochMs() ?? (await ledger.serverEpochMs()));
      asked.id = createId();
      asked.targets = [];
      try {
        const answer = await ledger.reserve({
          id: asked.id,
          leaseMs,
          scopes(epochMs) {
            const targets = targetsAt(matched, estimate, epochMs, closed);
            if (targets === null) throw new StepsMissing();
            asked.targets = targets;
            return targets.map((target) => toScopeAsk(target, isHedge));
          },
        });
        time.note(answer.serverEpochMs);
        const isWrong = asked.targets.some((target) => isWrongStep(target, answer.serverEpochMs));
        if (isWrong && answer.ok) settler.withdraw(asked.id, asked.targets);
        if (round === MAX_ROUNDS || !(isWrong || (await isOutdated(answer, asked.targets)))) return answer;
      } catch (thrown) {
        if (!(thrown instanceof StepsMissing) || round === MAX_ROUNDS) throw thrown;
      }
    }
  }

  /** Whether a refusal counted holds of earlier steps that were given back meanwhile. */
  async function isOutdated(answer: ReserveAnswer, targets: readonly Target[]): Promise<boolean> {
    const refused = answer.ok ? undefined : targets.find(({ key }) => key === answer.scope);
    if (refused === undefined || closed.heldBefore(refused, refused.window) === 0) return false;
    const before = closed.sumBefore(refused, refused.window);
    await closed.reload(refused, refused.window);
    return closed.sumBefore(refused, refused.window) !== before;
  }

  function take(answer: ReserveAnswer, { id, targets }: Asked, isHedge: boolean): Reservation | Refusal {
    const { serverEpochMs } = answer;
    if (answer.ok) {
      for (const [index, target] of targets.entries()) {
        const left = leftOfRule(target, isHedge, answer.left[index] ?? 0);
        known.note(target.leftKey, { left, limit: target.compiled.limit, atEpochMs: serverEpochMs });
        refresher.want(target);
      }
      return { at: "ledger", id, targets };
    }
    const target = targets.find(({ key }) => key === answer.scope);
    if (target === undefined) return { why: `budget: ${answer.left} left`, retryAfterMs: answer.retryAfterMs };
    const left = leftOfRule(target, isHedge, answer.left);
    // A refused hedge says what is left only down to the share from which on a limit is near.
    if (!isHedge) known.note(target.leftKey, { left, limit: target.compiled.limit, atEpochMs: serverEpochMs });
    return notEnough(target, left, waitOf(answer, target, closed.heldBefore(target, target.window)));
  }

  return {
    async reserve(reserverAsk) {
      const { matched, isHedge } = reserverAsk;
      const away = (): Promise<Reservation | Refusal> => reserveAway(reserverAsk, options);
      if (outage.shares() !== null) return away();
      const asked: Asked = { id: "", targets: [] };
      try {
        return take(await ask(reserverAsk, asked), asked, isHedge);
      } catch (thrown) {
        if (!(thrown instanceof StorageError) || thrown.code !== "unavailable") {
          logger.error("a budget could not be checked", { problem: String(thrown) });
          return options.whileAway === "allow" ? UNCOUNTED : storeAway(matched, null);
        }
        outage.begin();
        // The ledger may have the hold: what happens during the outage has an entry of its own.
        if (thrown.applied !== "no" && asked.targets.length > 0) settler.withdraw(asked.id, asked.targets);
        return away();
      }
    },
  };
}

/** What has to happen. The ledger knows the limit of this window alone, and that of a hedge. */
function waitOf(
  { waitFor, retryAfterMs, serverEpochMs, left, held }: ReserveRefusal,
  target: Target,
  heldBefore: number,
): Wait {
  const { compiled, amount } = target;
  if (compiled.windows.stepsBefore === 0 && waitFor !== null) return { for: waitFor, retryAfterMs };
  if (left + held + heldBefore >= amount) return { for: "holds", retryAfterMs: HELD_RETRY_MS };
  return amount > compiled.limit ? NO_WAIT : untilEnd(target, serverEpochMs);
}
