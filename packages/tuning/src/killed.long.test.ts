import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { BASE_MODEL, startTuningBed, type TuningBed } from "./test-support/tuning-bed.ts";
import type { Tuning } from "./tuning.ts";

let bed: TuningBed;
afterEach(() => bed.close());

const SCRIPT = join(import.meta.dirname, "test-support/start-until-killed.ts");

async function resumeUntilEnded(tuning: Tuning): Promise<void> {
  for (let times = 0; times < 20; times += 1) {
    const resumed = await tuning.resume();
    if (resumed[0]?.job.state === "ended" || resumed.length === 0) return;
    expect(resumed[0]?.error).toMatchObject({ code: "start_unknown" });
  }
  throw new Error("the job has not ended");
}

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
    // Between the intent to start and the reply W&B cannot be asked for a job, and it is not started twice.
    const isBefore = write === 4 && when === "after";
    const isUnknown = isBefore || (write === 5 && when === "before");
    expect(resumed[0]?.error?.code).toBe(isUnknown ? "start_unknown" : undefined);
    expect(bed.simulator.jobs.length).toBe(isBefore ? 0 : 1);
    // One that was not started needs an operator; of one that was, there are checkpoints in the end.
    if (isBefore) await bed.tuning.resolveStart(job.id, "not-started");
    else if (isUnknown) await resumeUntilEnded(bed.tuning);
    const { last } = await job.result();
    expect(bed.simulator.isServed(last.model)).toBe(true);
    const { models, jobs, artifacts } = bed.simulator;
    expect([models.length, artifacts.length, jobs.length]).toEqual([1, 1, 1]);
  },
);
