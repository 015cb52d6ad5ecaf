import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JournalJob, TuningJournal } from "../contract/journal.ts";
import type { EvaluatedExample } from "../contract/tuning-history.ts";
import { readDataset } from "../dataset/open-dataset.ts";
import type { EvaluationReport } from "../evaluate/evaluation-report.ts";
import { writeDataset } from "../test-support/tuning-bed.ts";
import { openTuningJournal } from "./open-tuning-journal.ts";

const none = { pairs: 0, candidate: null, baseline: null, difference: null, interval: null };
const report: EvaluationReport = {
  atEpochMs: 1_790_000_000_000,
  candidate: { provider: "wandb", model: "m:step4" },
  baseline: "current",
  pairs: 1,
  scores: {},
  failures: { candidate: 0, baseline: 0 },
  latencyMs: none,
  costUsd: none,
  verdict: "undecided",
  why: "too few pairs",
};
const example: EvaluatedExample = {
  number: 1,
  prompt: [{ role: "user", text: "q" }],
  expected: "a",
  candidate: "a",
  baseline: null,
  scores: { exact: [1, 0] },
};
const job: JournalJob = {
  id: "j1",
  state: "running",
  name: "npc",
  trainer: "wandb",
  baseModel: "base",
  config: {},
  folder: "/data",
  datasetSha256: "a",
  examples: 1,
  createdAtEpochMs: 1,
  modelId: "m",
  dataURL: "u",
  jobId: "v1",
  cursor: null,
  step: 0,
  steps: null,
  reason: null,
  checkpoints: [],
};

let folder: string;
let journal: TuningJournal;
const open = () => openTuningJournal({ url: `sqlite://${join(folder, "journal.db")}` });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "babylon-history-"));
  journal = open();
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

test("datasets are there once, the newest first", async () => {
  const { report: dataset } = await readDataset(await writeDataset(folder));
  const other = { ...dataset, train: { ...dataset.train, sha256: "b" } };
  await journal.addDataset({ folder: "/one", atEpochMs: 1, report: dataset });
  await journal.addDataset({ folder: "/two", atEpochMs: 2, report: other });
  await journal.addDataset({ folder: "/three", atEpochMs: 3, report: dataset });
  expect((await journal.datasets()).map((each) => each.folder)).toEqual(["/three", "/two"]);
  expect((await journal.datasets())[0]?.report).toEqual(dataset);
});

test("events have numbers without gaps, of each job apart, and are read from a number on, also by another process", async () => {
  await journal.create(job);
  await journal.create({ ...job, id: "j2" });
  const step = (number: number) =>
    ({ type: "step", at: number, step: number, of: 9, loss: 1 / number, timeLeftMs: null }) as const;
  for (const number of [1, 2, 3]) {
    await journal.advance("j1", ["running"], { step: number }, step(number));
    await journal.advance("j2", ["running"], { step: number }, step(number));
  }
  await journal.advance("j1", ["running"], { cursor: "nothing to show" });
  expect(await journal.advance("j1", ["created"], {}, step(4))).toBeNull();
  const other = open();
  expect(await other.events("j1", 1, 10)).toEqual([
    { number: 2, event: step(2) },
    { number: 3, event: step(3) },
  ]);
  expect(await other.events("j2", 0, 2)).toHaveLength(2);
  expect(await other.latestEvent("j1")).toEqual({ number: 3, event: step(3) });
  expect(await other.latestEvent("j3")).toBeNull();
  await other.close();
});

test("a list of evaluations has no content; one that is read has its examples", async () => {
  await journal.addEvaluation({ id: "e1", report, examples: [example] });
  await journal.addEvaluation({ id: "e2", report, examples: [] });
  expect(await journal.evaluations()).toEqual([
    { id: "e2", report, examples: 0 },
    { id: "e1", report, examples: 1 },
  ]);
  expect(await journal.evaluation("e1")).toEqual({ id: "e1", report, examples: [example] });
  expect(await journal.evaluation("e3")).toBeNull();
});

test("promotions of all names are listed with what came of them", async () => {
  const promotion = { id: "p1", name: "npc", atEpochMs: 1, before: {}, model: "m", rolledBack: false };
  await journal.addPromotion(promotion);
  await journal.addPromotion({ ...promotion, id: "p2", name: "guard", atEpochMs: 2 });
  await journal.markRolledBack("p1");
  expect((await journal.allPromotions()).map(({ id, rolledBack }) => [id, rolledBack])).toEqual([
    ["p2", false],
    ["p1", true],
  ]);
});
