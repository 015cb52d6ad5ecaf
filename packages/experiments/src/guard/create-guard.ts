import { type Clock, cleanCause, type Logger } from "@babylon/llm-core";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { Experiments } from "../experiments.ts";
import type { ExperimentRows } from "../rows/experiment-rows.ts";
import { type ExperimentsSettings, experimentOf, knownExperiments } from "../settings/experiments-settings.ts";
import { pauseArms } from "../settings/pause-harmful.ts";

/** What the guard uses. */
export interface GuardOptions {
  /** `null`: never. */
  readonly everyMs: number | null | undefined;
  readonly rows: Pick<ExperimentRows, "takeTurn">;
  readonly settings: ExperimentsSettings | undefined;
  readonly report: Experiments["report"];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks for harmful arms from time to time. */
export interface Guard {
  close(): void;
}

const DEFAULT_EVERY_MS = 300_000;

/** The author of its changes, for the history. */
const ACTOR = "experiments";

/**
 * Creates the guard: in one process at a time it makes the reports of the running experiments with `pauseHarmful`, and pauses arms that are
 * surely worse than the control.
 */
export function createGuard({
  everyMs = DEFAULT_EVERY_MS,
  rows,
  settings,
  report,
  clock,
  logger,
}: GuardOptions): Guard {
  let isClosed = false;
  let cancel: () => void = () => {};
  if (everyMs === null || settings?.update === undefined) return { close: () => {} };

  function schedule(delayMs: number): void {
    if (!isClosed) cancel = startBackgroundTimer(clock, delayMs, () => void look(delayMs));
  }

  async function look(delayMs: number): Promise<void> {
    try {
      const stored = settings?.peek?.() ?? (await settings?.get());
      const ids = Object.entries(stored === undefined ? {} : knownExperiments(stored.value))
        .filter(([, { state, pauseHarmful }]) => state === "running" && pauseHarmful === true)
        .map(([id]) => id);
      // A little less than the interval, so that timers that fire a moment early have their turn.
      if (ids.length > 0 && (await rows.takeTurn("guard", delayMs * 0.9, clock.now()))) {
        for (const id of ids) await pauseIfHarmful(id);
      }
    } catch (thrown) {
      const cause = cleanCause(thrown);
      logger.error("experiments could not be checked for harmful arms", { reason: cause?.message ?? null });
    } finally {
      schedule(delayMs);
    }
  }

  async function pauseIfHarmful(id: string): Promise<void> {
    const { harmful, version, verdict, why } = await report(id);
    if (harmful.length === 0 || verdict === "invalid") return;
    await settings?.update?.(
      async (stored) => {
        const experiment = experimentOf(stored, id);
        const isSame = (experiment.version ?? 1) === version;
        return (isSame ? pauseArms(id, experiment, harmful) : null) ?? { experiments: {} };
      },
      { actor: ACTOR, reason: `${id}: ${why}`.slice(0, 200) },
    );
    logger.warn("a harmful arm of an experiment was paused", { experiment: id, arms: harmful.join(", "), why });
  }

  schedule(everyMs);
  return {
    close() {
      isClosed = true;
      cancel();
    },
  };
}
