import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTuningSimulator } from "@babylon/llm-testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ArtifactStore } from "./contract/artifact-store.ts";
import type { TuningJournal } from "./contract/journal.ts";
import type { Trainer } from "./contract/trainer.ts";
import { createTuning } from "./create-tuning.ts";
import type { TuningEvent } from "./job/tuning-event.ts";
import { openTuningJournal } from "./journal/open-tuning-journal.ts";
import { fireworksFace, fireworksParts } from "./test-support/fireworks.ts";
import { togetherFace, togetherParts } from "./test-support/together.ts";
import { BASE_MODEL, wandbParts, writeDataset } from "./test-support/tuning-bed.ts";
import type { Tuning } from "./tuning.ts";

interface Parts {
  readonly trainer: Trainer;
  readonly artifacts: ArtifactStore;
}

/** A vendor with its trainer. */
interface Vendor {
  readonly parts: Parts;
  /** With a key that is not its. */
  readonly refused: Parts;
  /** Jobs that it has. */
  jobs(): number;
  /** The reply to the next start is lost, after its work. */
  loseStart(): void;
  close?(): Promise<void>;
}

const VENDORS: readonly (readonly [name: string, start: () => Promise<Vendor>, model: RegExp])[] = [
  [
    "W&B",
    async () => {
      const simulator = await startTuningSimulator();
      let isLost = false;
      simulator.cut((method, path) => {
        if (!isLost || method !== "POST" || !path.endsWith("/sft-training-jobs")) return null;
        isLost = false;
        return "after";
      });
      return {
        parts: wandbParts(simulator),
        refused: wandbParts({ ...simulator, apiKey: "a-wrong-key" }),
        jobs: () => simulator.jobs.length,
        loseStart() {
          isLost = true;
        },
        close: () => simulator.close(),
      };
    },
    /^wandb-artifact:\/\/\/team\/games\/npc-one:step20$/,
  ],
  [
    "Together",
    async () => {
      const face = togetherFace();
      return {
        parts: togetherParts(face),
        refused: togetherParts({ ...face, apiKey: "a-wrong-key" }),
        jobs: () => face.jobs.length,
        loseStart: () => face.loseReplyTo("POST /fine-tunes"),
      };
    },
    /^acme\/Llama-3\.1-8B-Instruct-npc-one-1a2b$/,
  ],
  [
    "Fireworks",
    async () => {
      const face = fireworksFace();
      return {
        parts: fireworksParts(face),
        refused: fireworksParts({ ...face, apiKey: "a-wrong-key" }),
        jobs: () => face.jobs.length,
        loseStart: () => face.loseReplyTo("POST /supervisedFineTuningJobs"),
      };
    },
    /^accounts\/acme\/models\/npc-one$/,
  ],
];

describe.each(VENDORS)("a trainer for %s", (_, startVendor, model) => {
  let vendor: Vendor;
  let folder: string;
  let dataset: string;
  let journal: TuningJournal;
  beforeEach(async () => {
    vendor = await startVendor();
    folder = mkdtempSync(join(tmpdir(), "babylon-trainers-"));
    dataset = await writeDataset(folder);
    journal = openTuningJournal({ url: "sqlite://:memory:" });
  });
  afterEach(async () => {
    await journal.close();
    await vendor.close?.();
    rmSync(folder, { recursive: true });
  });

  const tuningWith = (parts: Parts): Tuning => createTuning({ ...parts, journal, pollMs: 1, newId: () => "one" });
  const request = () => ({
    name: "npc",
    baseModel: BASE_MODEL,
    dataset,
    config: { epochs: 2, batchSize: 4, peakLearningRate: 1e-4 },
  });

  test("takes a dataset to a model with a fixed id, by one job", async () => {
    const job = await tuningWith(vendor.parts).start(request());
    const events: TuningEvent[] = [];
    for await (const event of job.events()) events.push(event);
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(["started", "ended"]);
    expect(events.filter(({ type }) => type === "step").length).toBeGreaterThan(0);
    const tuned = await job.result();
    expect(tuned.last.model).toMatch(model);
    expect(tuned.cost === null || tuned.cost.nanoUsd === 0).toBe(true);
    expect(tuned.costNote).not.toBe("");
    expect(vendor.jobs()).toBe(1);
  });

  test("has each event once, for a reader that stops and another one", async () => {
    const tuning = tuningWith(vendor.parts);
    const job = await tuning.start(request());
    const seen: TuningEvent[] = [];
    for await (const event of job.events()) {
      seen.push(event);
      if (seen.length === 2) break;
    }
    for await (const event of tuning.watch("one")) seen.push(event);
    const steps = seen.flatMap((event) => (event.type === "step" ? [event.step] : []));
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    expect(seen.filter(({ type }) => type === "started")).toHaveLength(1);
    expect(seen.filter(({ type }) => type === "ended")).toHaveLength(1);
  });

  test("does not start a second job after the reply to a start was lost", async () => {
    const tuning = tuningWith(vendor.parts);
    vendor.loseStart();
    await expect(tuning.start(request())).rejects.toMatchObject({ code: "start_unknown" });
    for (let times = 0; times < 20; times += 1) {
      const [resumed] = await tuning.resume();
      if (resumed === undefined || resumed.error === null) break;
      expect(resumed.error).toMatchObject({ code: "start_unknown" });
    }
    const tuned = await (await tuning.job("one")).result();
    expect(tuned.last.model).toMatch(model);
    expect(vendor.jobs()).toBe(1);
  });

  test("says who refused a key, without the key", async () => {
    const started = tuningWith(vendor.refused).start(request());
    await expect(started).rejects.toMatchObject({ code: "refused", status: 401 });
    await expect(started).rejects.not.toThrow(/a-wrong-key/);
  });
});
