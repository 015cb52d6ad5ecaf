import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { BASE_MODEL, startTuningBed, type TuningBed } from "./test-support/tuning-bed.ts";

let bed: TuningBed;
afterEach(() => bed.close());

const SCRIPT = join(import.meta.dirname, "test-support/start-until-killed.ts");

/** Writes of the journal: the job, and then its four changes up to a running one. */
const POINTS = [1, 2, 3, 4, 5].flatMap((write) => [[write, "before"] as const, [write, "after"] as const]);

test.each(POINTS)(
  "killed at write %i (%s), a job goes on as one model, one artifact and one job",
  async (write, when) => {
    bed = await startTuningBed();
    const { trainingURL, artifactsURL, apiKey } = bed.simulator;
    const journal = `sqlite://${join(bed.folder, "journal.db")}`;
    const args = [SCRIPT, journal, bed.dataset, trainingURL, artifactsURL, apiKey, String(write), when];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);

    const resumed = await bed.tuning.resume();
    const job =
      resumed[0]?.job ?? (await bed.tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset }));
    // Between the intent to start and the reply nobody can know: an operator looks at W&B, and the job is not started twice.
    const isUnknown = (write === 4 && when === "after") || (write === 5 && when === "before");
    expect(resumed[0]?.error?.code).toBe(isUnknown ? "start_unknown" : undefined);
    expect(bed.simulator.jobs.length).toBe(write === 4 && when === "after" ? 0 : 1);
    if (isUnknown) {
      const [running] = bed.simulator.jobs;
      await bed.tuning.resolveStart(job.id, running === undefined ? "not-started" : { jobId: running.id });
    }
    const { last } = await job.result();
    expect(bed.simulator.isServed(last.model)).toBe(true);
    const { models, jobs, artifacts } = bed.simulator;
    expect([models.length, artifacts.length, jobs.length]).toEqual([1, 1, 1]);
  },
);
