import type { Clock } from "@babylon/llm-core";
import { pause } from "@babylon/storage/time";
import type { JournalJob, TuningJournal } from "../contract/journal.ts";
import type { Trainer, TrainerEvent } from "../contract/trainer.ts";
import { isTuningError, TuningError } from "../contract/tuning-error.ts";
import { trainingOrderOf } from "./run-steps.ts";
import type { TuningEvent } from "./tuning-event.ts";

/** What watching uses. */
export interface WatchParts {
  readonly trainer: Trainer;
  readonly journal: TuningJournal;
  readonly clock: Clock;
  /** The pause before the next question after there were no events, milliseconds. */
  readonly pollMs: number;
}

/** The longest pause after failures. */
const MOST_PAUSE_MS = 60_000;

/**
 * The events of a running job. An event is in the journal as passed on before it is yielded, so that another process does not pass it on again. A
 * vendor that cannot be reached is asked again, until the signal aborts.
 */
export async function* watchJob(
  { trainer, journal, clock, pollMs }: WatchParts,
  first: JournalJob,
  abortSignal?: AbortSignal,
): AsyncGenerator<TuningEvent> {
  const { id, jobId } = first;
  if (jobId === null) throw new TuningError("unknown_job", `the job ${id} was not started`);
  let job = first;
  let failures = 0;
  let firstSeen: { readonly step: number; readonly monoMs: number } | null = null;

  while (job.state === "running") {
    abortSignal?.throwIfAborted();
    let events: readonly TrainerEvent[];
    try {
      events = await trainer.events(jobId, job.cursor, { abortSignal });
      failures = 0;
    } catch (thrown) {
      abortSignal?.throwIfAborted();
      if (!isTuningError(thrown, "unavailable")) throw thrown;
      failures += 1;
      await pause(clock, Math.min(MOST_PAUSE_MS, pollMs * 2 ** Math.min(failures, 10)), abortSignal);
      continue;
    }
    for (const event of events) {
      const step = event.type === "step" ? (event.step ?? job.step + 1) : job.step;
      const steps = ("steps" in event ? event.steps : null) ?? job.steps;
      // Ended jobs get their checkpoints before their state, so that a crash in between repeats the question.
      const end = await endOf(event, job);
      if (event.type === "step") firstSeen ??= { step, monoMs: clock.monotonic() };
      const shown = toTuningEvent(event, { step, steps }, firstSeen);
      const change = { cursor: event.cursor, step, steps, ...end };
      const changed = await journal.advance(id, ["running"], change, shown ?? undefined);
      if (changed === null) throw new TuningError("conflict", `another process has ended the job ${id}`);
      job = changed;
      if (shown !== null) yield shown;
      if (job.state !== "running") return;
    }
    if (events.length === 0) await pause(clock, pollMs, abortSignal);
  }

  async function endOf(event: TrainerEvent, current: JournalJob): Promise<Partial<JournalJob>> {
    if (event.type === "failed") return { state: "failed", reason: event.reason };
    if (event.type !== "ended" || jobId === null) return {};
    const checkpoints = await trainer.checkpoints(trainingOrderOf(current), jobId, { abortSignal });
    if (checkpoints.length === 0) return { state: "failed", reason: "the training ended without a checkpoint" };
    return { state: "ended", checkpoints };
  }

  function toTuningEvent(
    event: TrainerEvent,
    { step, steps }: Pick<JournalJob, "step" | "steps">,
    since: { readonly step: number; readonly monoMs: number } | null,
  ): TuningEvent | null {
    const at = clock.now();
    switch (event.type) {
      case "started":
        return { type: "started", at, steps };
      case "step": {
        const seen = since === null ? 0 : step - since.step;
        const timeLeftMs =
          since === null || seen < 1 || steps === null
            ? null
            : Math.round(((clock.monotonic() - since.monoMs) / seen) * Math.max(0, steps - step));
        return { type: "step", at, step, of: steps, loss: event.loss, timeLeftMs };
      }
      case "ended":
        return { type: "ended", at };
      case "failed":
        return { type: "failed", at, reason: event.reason };
      case "other":
        return null;
    }
  }
}
