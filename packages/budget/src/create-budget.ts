import { randomUUID } from "node:crypto";
import { invalidInput, nonThrowingLogger, silentLogger, systemClock } from "@babylon/llm-core";
import { createHighestCost } from "./ask/highest-cost.ts";
import { checkUnknownPrice } from "./ask/price-policy.ts";
import { createTokenRates } from "./ask/token-rates.ts";
import type { Budget, BudgetOptions } from "./contract/budget.ts";
import { createGate } from "./gate/create-gate.ts";
import { createPeekWindows } from "./gate/peek-windows.ts";
import { createClosedSteps } from "./ledger/closed-steps.ts";
import { createEngineTime } from "./ledger/engine-time.ts";
import { createKnownWindows } from "./ledger/known-windows.ts";
import { createRefresher } from "./ledger/refresher.ts";
import { createReserver } from "./ledger/reserver.ts";
import { createSettler } from "./ledger/settler.ts";
import { startNotices } from "./notices/start-notices.ts";
import { NO_ADOPTING, startAdopting } from "./outage/adopt-journals.ts";
import { createJournal } from "./outage/journal.ts";
import { createJournalFile, NO_FILE } from "./outage/journal-file.ts";
import { journalPlace } from "./outage/journal-place.ts";
import { createOutage } from "./outage/outage.ts";
import { createRuleBook } from "./rules/rule-book.ts";
import { listWriteOffs } from "./status/list-write-offs.ts";
import { readStatus } from "./status/read-status.ts";
import { describeRules } from "./status/rule-descriptions.ts";
import { findWindow, writeOff } from "./status/write-off.ts";

const DEFAULT_LEASE_MS = 15 * 60_000;
const MAX_LEASE_MS = 86_400_000;

const WHILE_AWAY: ReadonlySet<unknown> = new Set(["share", "deny", "allow"]);

/**
 * Creates budgets: a gate that reserves what an attempt may cost before its request, and replaces that by what it has cost after it.
 *
 * @throws LLMError `invalid_input` with the path of a wrong rule or option
 */
export function createBudget(options: BudgetOptions): Budget {
  const { state, pricer, settings, rules = [], clock = systemClock } = options;
  // A gate that throws lets the attempt pass.
  const logger = nonThrowingLogger(options.logger ?? silentLogger);
  const { onOutage = "share", unknownOutcome = "at-most", leaseMs = DEFAULT_LEASE_MS, notices } = options;
  if (!WHILE_AWAY.has(onOutage)) throw invalidInput("onOutage", '"share", "deny" or "allow"');
  if (unknownOutcome !== "at-most") throw invalidInput("unknownOutcome", '"at-most"');
  if (!(leaseMs >= 1_000 && leaseMs <= MAX_LEASE_MS)) throw invalidInput("leaseMs", "milliseconds from 1,000 to a day");
  const unknownRate = checkUnknownPrice(options.unknownPrice);
  const book = createRuleBook({ rules, settings, logger });

  // Ids of all processes that share the state differ.
  const ownId = randomUUID();
  let ids = 0;
  const createId = (): string => {
    ids += 1;
    return `${ownId}.${ids}`;
  };

  const { ledger } = state;
  const known = createKnownWindows();
  const time = createEngineTime(clock);
  const closed = createClosedSteps({ ledger, monotonic: () => clock.monotonic() });
  const place = journalPlace(state, options.journal);
  const journalContext = { clock, random: Math.random, logger };
  const file = place === null ? NO_FILE : createJournalFile(place, journalContext);
  const journal = createJournal({ ledger, file, createId, logger });
  const isShared = (): boolean => {
    const { processes, recovering } = state.status();
    return outage.shares() === null && !recovering && (processes ?? 1) > 1;
  };
  const refresher = createRefresher({ ledger, known, closed, time, clock, isShared });
  const refresh = (leftKeys: readonly string[]): Promise<void> => refresher.refresh(leftKeys);
  const outage = createOutage({
    state,
    known,
    journal,
    whileAway: onOutage,
    folder: place?.folder ?? null,
    clock,
    logger,
    refresh,
    onEnd: () => adopting.look(),
  });
  const settler = createSettler({ ledger, known, journal, outage, logger });
  const parts = { ledger, closed, known, time, refresher, outage, journal, settler, clock, logger };
  const reserver = createReserver({ ...parts, whileAway: onOutage, leaseMs, createId });
  const highest = createHighestCost(pricer, unknownRate, () => clock.now());
  const wanted = refresher.want;
  const peekWindows = createPeekWindows({ known, outage, whileAway: onOutage, clock, time, wanted });
  const gate = createGate({
    book,
    rates: createTokenRates(),
    highest,
    pricer,
    unknownRate,
    reserver,
    settler,
    peekWindows,
  });

  const isConnected = (): boolean => state.status().connected;
  const adopting =
    place === null
      ? NO_ADOPTING
      : startAdopting({ ...journalContext, place, file, journal, isConnected, wake: outage.wake });

  const stopDescribing = describeRules({ state, rules, clock });

  const list = async () => readStatus(await book.current(), { ledger, refresher, outage, time, clock });
  const status = async () => (await list()).map((window) => window.status);
  const closeNotices = notices === undefined ? null : startNotices({ notices, state, status, clock, logger, createId });

  return {
    gate,
    rulesOfCode: rules,
    status,
    outage() {
      const sinceEpochMs = outage.sinceEpochMs();
      return sinceEpochMs === null ? null : { sinceEpochMs, onOutage, waiting: journal.size() };
    },
    async writeOff(key, presumed, by) {
      await writeOff(ledger, findWindow(await list(), key), presumed, by);
    },
    writeOffs: (limit) => listWriteOffs(ledger, limit),
    async idle() {
      await settler.idle();
      await outage.idle();
    },
    async close() {
      refresher.close();
      stopDescribing();
      await adopting.close();
      await closeNotices?.();
      await settler.idle();
      await outage.close();
    },
  };
}
