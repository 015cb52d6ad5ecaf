import { type Clock, invalidInput, isRecord, type Logger, type SystemSettings } from "@babylon/llm-core";
import { messageOf } from "@babylon/storage";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { ExperimentRows, ExperimentVersion } from "../rows/experiment-rows.ts";
import type { ExperimentsSettings } from "../settings/experiments-settings.ts";

/** What the pruner uses. */
export interface PrunerOptions {
  /** `null`: rows are kept forever. */
  readonly keepDays: number | null | undefined;
  readonly rows: Pick<ExperimentRows, "prune" | "takeTurn">;
  readonly settings: ExperimentsSettings | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Removes the rows of experiments that ended long ago. */
export interface Pruner {
  /** Returns the number of exposures. */
  prune(): Promise<number>;
  close(): void;
}

const DEFAULT_KEEP_DAYS = 400;
const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** The first time: soon, because processes may live for less than an hour; later than a command runs. */
const FIRST_MS = 60_000;

/** Creates the pruner: it works each hour, in one process at a time. Throws `invalid_input` for a number of days that is not above 0. */
export function createPruner({ keepDays = DEFAULT_KEEP_DAYS, rows, settings, clock, logger }: PrunerOptions): Pruner {
  if (keepDays !== null && !(keepDays > 0)) throw invalidInput("keepDays", "a number of days above 0, or null");
  let isClosed = false;
  let cancel: () => void = () => {};

  async function prune(): Promise<number> {
    // Without settings it is not known what has ended.
    if (keepDays === null || settings === undefined) return 0;
    const { value } = await settings.get();
    return rows.prune({ before: clock.now() - keepDays * DAY_MS, hasEnded: (version) => hasEnded(value, version) });
  }

  async function pruneInTurn(): Promise<void> {
    try {
      // A little less than the interval, so that timers that fire a moment early have their turn.
      if (await rows.takeTurn("prune", EVERY_MS * 0.9, clock.now())) await prune();
    } catch (thrown) {
      logger.warn("old rows of experiments could not be removed", { reason: messageOf(thrown) });
    } finally {
      schedule(EVERY_MS);
    }
  }

  function schedule(delayMs: number): void {
    if (!isClosed) cancel = startBackgroundTimer(clock, delayMs, () => void pruneInTurn());
  }

  if (keepDays !== null && settings !== undefined) schedule(FIRST_MS);
  return {
    prune,
    close() {
      isClosed = true;
      cancel();
    },
  };
}

/** Whether a version of an experiment can have no more calls: it was stopped or removed, or its arms were changed. */
function hasEnded({ experiments }: SystemSettings, { experiment, version }: ExperimentVersion): boolean {
  if (experiments === undefined) return true;
  // A newer version of this package may have stored another form.
  if (!isRecord(experiments)) return false;
  const stored: unknown = Object.hasOwn(experiments, experiment) ? experiments[experiment] : undefined;
  if (stored === undefined) return true;
  if (!isRecord(stored)) return false;
  const current = stored.version ?? 1;
  return typeof current === "number" && (version < current || (version === current && stored.state === "stopped"));
}
