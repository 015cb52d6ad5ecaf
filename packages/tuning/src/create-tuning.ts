import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { invalidInput, systemClock } from "@babylon/llm-core";
import type { JournalJob } from "./contract/journal.ts";
import { TuningError } from "./contract/tuning-error.ts";
import { readDataset } from "./dataset/open-dataset.ts";
import { evaluate } from "./evaluate/evaluate.ts";
import { createJob } from "./job/create-job.ts";
import { runSteps, startAgain } from "./job/run-steps.ts";
import { findCanary, startCanary } from "./rollout/canary.ts";
import { createRollouts } from "./rollout/create-rollouts.ts";
import { warmUp } from "./rollout/warm-up.ts";
import { checkTrainingConfig } from "./trainer/check-training-config.ts";
import type { Tuning, TuningOptions } from "./tuning.ts";

/** The name of a tuned model. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** States from which `resume()` goes on by itself. */
const UNFINISHED: readonly JournalJob["state"][] = ["created", "model", "upload", "start", "start_unknown", "running"];

/**
 * Fine-tuning from a dataset to a model in the chain. Everything is in the journal before it is requested, so that `resume()` after a crash starts
 * nothing twice.
 */
export function createTuning(options: TuningOptions): Tuning {
  const { trainer, artifacts, journal, clock = systemClock, newId = () => randomUUID().slice(0, 8) } = options;
  const { dataFolder = "data/tuning", pollMs = 5_000 } = options;
  if (!(pollMs > 0)) throw invalidInput("pollMs", "milliseconds, more than 0");
  const parts = { trainer, artifacts, journal };
  const toJob = (job: JournalJob) => createJob({ trainer, journal, clock, pollMs }, job);

  function part<Name extends "llm" | "settings" | "experiments">(name: Name): NonNullable<TuningOptions[Name]> {
    const found = options[name];
    if (found == null) throw invalidInput(name, "an option of createTuning for this");
    return found;
  }
  const rollouts = () => createRollouts({ journal, settings: part("settings"), llm: () => part("llm"), clock });

  async function jobOf(id: string): Promise<JournalJob> {
    const job = await journal.job(id);
    if (job === null) throw new TuningError("unknown_job", `the journal has no job ${id}`);
    if (job.trainer !== trainer.id) {
      throw new TuningError("unknown_job", `the job ${id} is one of ${job.trainer}, and the trainer is ${trainer.id}`);
    }
    return job;
  }

  return {
    async start({ name, baseModel, dataset, config = {}, abortSignal }) {
      if (!NAME.test(name)) throw invalidInput("name", "letters, digits, dots, dashes and underscores, at most 64");
      checkTrainingConfig(config);
      const id = newId();
      const folder = typeof dataset === "string" ? resolve(dataset) : resolve(dataFolder, join(name, id));
      if (typeof dataset !== "string") await dataset.write(folder);
      const { train } = await readDataset(folder);
      if (train.lines === 0) throw invalidInput("dataset", "at least one example for training");
      const bases = await trainer.baseModels({ abortSignal });
      if (bases !== null && !bases.includes(baseModel)) {
        throw invalidInput("baseModel", `a model that ${trainer.id} trains: ${bases.join(", ")}`);
      }
      const job: JournalJob = {
        id,
        state: "created",
        name,
        trainer: trainer.id,
        baseModel,
        config,
        folder,
        datasetSha256: train.sha256,
        examples: train.lines,
        createdAtEpochMs: clock.now(),
        modelId: null,
        dataURL: null,
        jobId: null,
        cursor: null,
        step: 0,
        steps: null,
        reason: null,
        checkpoints: [],
      };
      await journal.create(job);
      return toJob(await runSteps(parts, job, abortSignal));
    },
    async resume({ abortSignal } = {}) {
      const found = (await journal.jobs()).filter(
        ({ state, trainer: id }) => id === trainer.id && UNFINISHED.includes(state),
      );
      const resumed = [];
      for (const job of found.toReversed()) {
        try {
          resumed.push({ job: toJob(await runSteps(parts, job, abortSignal)), error: null });
        } catch (thrown) {
          abortSignal?.throwIfAborted();
          if (!(thrown instanceof TuningError)) throw thrown;
          resumed.push({ job: toJob((await journal.job(job.id)) ?? job), error: thrown });
        }
      }
      return resumed;
    },
    async resolveStart(id, outcome, { abortSignal } = {}) {
      const job = await jobOf(id);
      if (outcome === "not-started") return toJob(await startAgain(parts, job, abortSignal));
      const running = await journal.advance(id, ["start_unknown"], { state: "running", jobId: outcome.jobId });
      if (running === null)
        throw new TuningError("conflict", `the start of the job ${id} is not unknown: it is ${job.state}`);
      return toJob(running);
    },
    async job(id) {
      return toJob(await jobOf(id));
    },
    async *watch(id, { abortSignal } = {}) {
      yield* toJob(await jobOf(id)).events({ abortSignal });
    },
    jobs: () => journal.jobs(),
    warmUp: async (link, warmUpOptions) => warmUp(part("llm"), link, warmUpOptions),
    evaluate: async (request) => evaluate(part("llm"), clock, request),
    canary: async (candidate, canaryOptions) =>
      startCanary(
        { settings: part("settings"), experiments: part("experiments"), llm: part("llm"), clock },
        candidate,
        canaryOptions,
      ),
    findCanary: async (candidate, watching) =>
      findCanary({ settings: part("settings"), experiments: part("experiments"), clock }, candidate, watching),
    promote: async (candidate, promoteOptions) => rollouts().promote(candidate, promoteOptions),
    rollBack: async (name, changeOptions) => rollouts().rollBack(name, changeOptions),
  };
}
