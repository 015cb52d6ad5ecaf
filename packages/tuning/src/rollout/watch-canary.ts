import type { ExperimentReport, Experiments } from "@babylon/experiments";
import { type Clock, isLLMError } from "@babylon/llm-core";
import { pause, startBackgroundTimer } from "@babylon/storage/time";

/** The arm of the model. */
export const TUNED = "tuned";
/** The default author of changes, for the history. */
export const ACTOR = "tuning";

/** How a canary is watched. */
export interface CanaryWatching {
  /** Who ends it, for the history. Default `tuning`. */
  readonly actor?: string | undefined;
  /** How often the canary looks at the report, milliseconds. Default 60 s. */
  readonly checkEveryMs?: number | undefined;
  /** Receives each report that the canary looks at, such as for its progress. */
  readonly onLook?: ((report: ExperimentReport) => void) | undefined;
}

/** What watching uses. */
export interface WatchedExperiments {
  readonly experiments: Pick<Experiments, "report" | "stop">;
  readonly clock: Clock;
}

/** How a canary ended: without harm, with harm, or stopped by somebody else. */
export interface CanaryOutcome {
  readonly outcome: "passed" | "harmful" | "stopped";
  /** In words. */
  readonly why: string;
}

/** A canary: an experiment that ends itself. */
export interface Canary {
  /** The id of its experiment in the settings. */
  readonly experiment: string;
  /** Looks at the report now; `null`: it goes on. */
  check(): Promise<CanaryOutcome | null>;
  /** Resolves when it has ended, as long as it is not closed. Does not keep the process alive. */
  readonly ended: Promise<CanaryOutcome>;
  /**
   * Looks from time to time until it has ended, and keeps the process alive meanwhile. A database that is away is asked again. Rejects with the reason of
   * the signal: the experiment goes on then.
   */
  result(options?: { readonly abortSignal?: AbortSignal | undefined }): Promise<CanaryOutcome>;
  /** Stops looking. The experiment goes on, and its guardrails, as long as a process with experiments runs. */
  close(): void;
}

/** How a canary stands, from its report; `null`: it goes on. Pure. */
export function canaryOutcome(report: ExperimentReport): CanaryOutcome | null {
  const { state, harmful, verdict, why, plannedUnits, units, arms } = report;
  const isPaused = arms.some(({ id, isPaused: paused }) => id === TUNED && paused);
  if (harmful.includes(TUNED) || isPaused) return { outcome: "harmful", why };
  if (state !== "running") return { outcome: "stopped", why: `the experiment is ${state}` };
  const isDone =
    verdict === "winner" || (verdict === "no-difference" && plannedUnits !== null && units >= plannedUnits);
  return isDone ? { outcome: "passed", why } : null;
}

/** Looks at an experiment until it has ended, and ends it. */
export function watchCanary(
  { experiments, clock }: WatchedExperiments,
  id: string,
  { checkEveryMs: everyMs = 60_000, actor = ACTOR, onLook }: CanaryWatching,
): Canary {
  let isClosed = false;
  let cancel: () => void = () => {};
  const { promise: ended, resolve } = Promise.withResolvers<CanaryOutcome>();

  async function check(): Promise<CanaryOutcome | null> {
    const report = await experiments.report(id);
    onLook?.(report);
    const outcome = canaryOutcome(report);
    if (outcome === null) return null;
    if (outcome.outcome !== "stopped") {
      const winner = outcome.outcome === "passed" ? TUNED : null;
      await experiments.stop(id, { winner, actor, reason: `${id}: ${outcome.why}`.slice(0, 1_000) });
    }
    close();
    resolve(outcome);
    return outcome;
  }

  async function result(abortSignal: AbortSignal | undefined): Promise<CanaryOutcome> {
    close();
    for (;;) {
      abortSignal?.throwIfAborted();
      const outcome = await check().catch((thrown: unknown) => {
        // The experiment was removed from the settings, or a look was refused.
        if (isLLMError(thrown)) throw thrown;
        return null;
      });
      if (outcome !== null) return outcome;
      await pause(clock, everyMs, abortSignal);
    }
  }

  function close(): void {
    isClosed = true;
    cancel();
  }

  function schedule(): void {
    if (isClosed) return;
    cancel = startBackgroundTimer(clock, everyMs, () => {
      // A store that is away: the next look may succeed, and the guard of the experiments looks, too.
      check()
        .catch(() => {})
        .finally(schedule);
    });
  }

  schedule();
  return {
    experiment: id,
    check,
    ended,
    result: ({ abortSignal } = {}) => result(abortSignal),
    close,
  };
}
