import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { directory } from "./artifacts/directory.ts";
import { existing } from "./artifacts/existing.ts";
import type { Trainer, TrainingOrder } from "./contract/trainer.ts";
import { TuningError } from "./contract/tuning-error.ts";
import { createTuning } from "./create-tuning.ts";
import { buildDataset } from "./dataset/build-dataset.ts";
import type { TuningEvent } from "./job/tuning-event.ts";
import { chatRecord, contentOf } from "./test-support/chat-record.ts";
import { BASE_MODEL, startTuningBed, type TuningBed, wandbParts } from "./test-support/tuning-bed.ts";
import { wandbTrainer } from "./trainer/wandb-trainer.ts";

let bed: TuningBed;
afterEach(() => bed.close());

const start = (config = {}) => bed.tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset, config });

async function all(events: AsyncIterable<TuningEvent>): Promise<readonly TuningEvent[]> {
  const seen: TuningEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

test("a job is uploaded, started and watched to its checkpoints", async () => {
  bed = await startTuningBed();
  const job = await start({ epochs: 2, batchSize: 4, peakLearningRate: 2e-4 });
  expect(job.state).toBe("running");
  const { jobs, models, artifacts } = bed.simulator;
  const steps = Math.ceil(Number(artifacts[0]?.metadata && 40) / 4);
  expect([models.length, jobs.length, artifacts.length]).toEqual([1, 1, 1]);
  expect(artifacts[0]).toMatchObject({ type: "dataset", version: 0, metadata: { format: "jsonl" } });
  const events = await all(job.events());
  expect(events[0]).toMatchObject({ type: "started" });
  expect(events.at(-1)).toMatchObject({ type: "ended" });
  const of = jobs[0]?.steps ?? 0;
  expect(of).toBeGreaterThan(steps);
  const gradients = events.filter((event) => event.type === "step");
  expect(gradients.map(({ step }) => step)).toEqual(Array.from({ length: of }, (_, index) => index + 1));
  expect(gradients.at(-1)).toMatchObject({ of, loss: expect.any(Number), timeLeftMs: 0 });
  expect(gradients[0]?.timeLeftMs).toBeNull();
  const tuned = await job.result();
  expect(tuned).toMatchObject({ name: "npc", provider: "wandb", baseModel: BASE_MODEL });
  expect(tuned.cost).toMatchObject({ nanoUsd: 0, source: "list", effective: "2026-09-30" });
  expect(tuned.costNote).toMatch(/free in its public preview .*storage of checkpoints is billed/);
  expect(tuned.last.model).toBe(`wandb-artifact:///team/games/npc-${job.id}:step${of}`);
  expect([bed.simulator.isServed(tuned.last.model), tuned.checkpoints.length]).toEqual([true, 2]);
});

test("the same bytes again are not uploaded again", async () => {
  bed = await startTuningBed();
  await start();
  const puts = () => bed.simulator.requests.filter((request) => request.startsWith("PUT"));
  expect(puts()).toHaveLength(2);
  await start();
  expect(puts()).toHaveLength(2);
  expect([bed.simulator.artifacts.length, bed.simulator.jobs.length]).toEqual([1, 2]);
});

test("200 events over ten cut connections: each once, in order", async () => {
  bed = await startTuningBed({ steps: 200, stepsPerPoll: 12 });
  const job = await start();
  let [asked, cuts] = [0, 0];
  bed.simulator.cut((_, path) => {
    if (!path.endsWith("/events") || cuts === 10) return null;
    asked += 1;
    if (asked % 2 === 0) return null;
    cuts += 1;
    return (["before", "after", "within"] as const)[cuts % 3] ?? null;
  });
  const events = await all(bed.tuning.watch(job.id));
  expect(cuts).toBe(10);
  expect(events.map((event) => (event.type === "step" ? event.step : event.type))).toEqual([
    "started",
    ...Array.from({ length: 200 }, (_, index) => index + 1),
    "ended",
  ]);
});

test("a reader that stops and another one later have each event once", async () => {
  bed = await startTuningBed({ steps: 30 });
  const job = await start();
  const first: TuningEvent[] = [];
  for await (const event of job.events()) {
    first.push(event);
    if (first.length === 12) break;
  }
  const [resumed] = await bed.tuning.resume();
  const rest = await all(resumed?.job.events() ?? job.events());
  expect([...first, ...rest].flatMap((event) => (event.type === "step" ? [event.step] : []))).toEqual(
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  expect(await bed.tuning.resume()).toEqual([]);
});

test("a failed training is an error with its reason", async () => {
  bed = await startTuningBed({ failAfter: 3 });
  const job = await start();
  await expect(job.result()).rejects.toMatchObject({
    code: "training_failed",
    message: expect.stringContaining("out of memory"),
  });
  expect(job.state).toBe("failed");
});

describe("a start whose reply is lost", () => {
  const isStart = (method: string, path: string) => method === "POST" && path.endsWith("/sft-training-jobs");

  test.each([
    ["after", 1],
    ["before", 0],
  ] as const)("(cut %s the work) is requested once, and its state is start_unknown", async (cut, jobs) => {
    bed = await startTuningBed();
    bed.simulator.cut((method, path) => (isStart(method, path) ? cut : null));
    await expect(start()).rejects.toMatchObject({ code: "start_unknown" });
    bed.simulator.cut(null);
    const [resumed] = await bed.tuning.resume();
    expect(resumed).toMatchObject({ job: { state: "start_unknown" }, error: { code: "start_unknown" } });
    expect(bed.simulator.requests.filter((request) => request.endsWith("/sft-training-jobs"))).toHaveLength(1);
    expect(bed.simulator.jobs).toHaveLength(jobs);
    const id = resumed?.job.id ?? "";
    const job = await bed.tuning.resolveStart(id, jobs === 1 ? { jobId: "job-1" } : "not-started");
    expect((await job.result()).checkpoints).toHaveLength(2);
    expect(bed.simulator.jobs).toHaveLength(1);
    await expect(bed.tuning.resolveStart(id, { jobId: "x" })).rejects.toMatchObject({ code: "conflict" });
  });

  test("is found by the checkpoints of its model, and is not started again", async () => {
    bed = await startTuningBed();
    bed.simulator.cut((method, path) => (isStart(method, path) ? "after" : null));
    await expect(start({ epochs: 4, batchSize: 4 })).rejects.toMatchObject({ code: "start_unknown" });
    bed.simulator.cut(null);
    let found = 0;
    for (let resumed = await bed.tuning.resume(); resumed[0]?.error; resumed = await bed.tuning.resume()) {
      const { job, error } = resumed[0];
      expect(error.code).toBe("start_unknown");
      if (!/has its checkpoint of step \d+/.test(error.message)) continue;
      found += 1;
      await expect(bed.tuning.resolveStart(job.id, "not-started")).rejects.toMatchObject({ code: "conflict" });
    }
    const [job] = await bed.tuning.jobs();
    expect([job?.state, job?.jobId, bed.simulator.jobs.length]).toEqual(["ended", null, 1]);
    expect(found).toBeGreaterThan(0);
    const tuned = await (await bed.tuning.job(job?.id ?? "")).result();
    expect(bed.simulator.isServed(tuned.last.model)).toBe(true);
  });

  test("a refused start is a failed job", async () => {
    bed = await startTuningBed();
    await expect(start({ extra: { epochs: 3 } })).rejects.toMatchObject({ code: "refused", status: 422 });
    expect((await bed.tuning.jobs())[0]?.state).toBe("failed");
  });
});

test("a start that the vendor puts off is made later", async () => {
  bed = await startTuningBed();
  const { trainer, artifacts } = wandbParts(bed.simulator);
  const busy: Trainer = {
    ...trainer,
    startJob: () => Promise.reject(new TuningError("unavailable", "too many jobs", { status: 429 })),
  };
  const tuning = createTuning({ trainer: busy, artifacts, journal: bed.journal });
  const request = { name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset };
  await expect(tuning.start(request)).rejects.toMatchObject({ code: "unavailable", status: 429 });
  const [resumed] = await bed.tuning.resume();
  expect([resumed?.error, resumed?.job.state, bed.simulator.jobs.length]).toEqual([null, "running", 1]);
});

test("a start that surely was not sent is made later, without an operator", async () => {
  bed = await startTuningBed();
  const { trainingURL, apiKey } = bed.simulator;
  const refused = Object.assign(new TypeError("fetch failed"), {
    cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
  });
  const away: typeof fetch = (input, init) =>
    String(input).endsWith("/sft-training-jobs") ? Promise.reject(refused) : fetch(input, init);
  const trainer = wandbTrainer({ entity: "team", project: "games", apiKey, baseURL: trainingURL, fetch: away });
  const tuning = createTuning({ trainer, artifacts: wandbParts(bed.simulator).artifacts, journal: bed.journal });
  const request = { name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset };
  await expect(tuning.start(request)).rejects.toMatchObject({ code: "unavailable", sent: false });
  expect((await bed.tuning.resume())[0]).toMatchObject({ error: null, job: { state: "running" } });
  expect(bed.simulator.jobs).toHaveLength(1);
});

test("a trainer that can list jobs finds a lost start by itself", async () => {
  bed = await startTuningBed();
  const { trainer: wandb, artifacts } = wandbParts(bed.simulator);
  const started = new Map<string, string>();
  let isLost = true;
  const trainer: Trainer = {
    ...wandb,
    id: "other",
    async startJob(order: TrainingOrder, call) {
      const { jobId } = await wandb.startJob(order, call);
      started.set(order.name, jobId);
      if (isLost) throw new TuningError("unavailable", "the connection was cut");
      return { jobId };
    },
    findJob: async ({ name }) => {
      const jobId = started.get(name);
      return jobId === undefined ? null : { jobId };
    },
  };
  const tuning = createTuning({ trainer, artifacts, journal: bed.journal, pollMs: 1 });
  await expect(tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset })).rejects.toMatchObject({
    code: "start_unknown",
  });
  isLost = false;
  const [resumed] = await tuning.resume();
  expect([resumed?.error, resumed?.job.state, bed.simulator.jobs.length]).toEqual([null, "running", 1]);
});

test("two processes that resume at once start one job", async () => {
  bed = await startTuningBed();
  await start();
  const [job] = await bed.journal.jobs();
  if (job === undefined) throw new Error("there is no job");
  const { jobs, models } = bed.simulator;
  for (const state of ["model", "upload"] as const) {
    const id = `twice-${state}`;
    const name = `${job.name}-${id}`;
    const { modelId } = await wandbParts(bed.simulator).trainer.createModel({ name, baseModel: BASE_MODEL });
    await bed.journal.create({ ...job, id, state, modelId, dataURL: null, jobId: null });
    const before = jobs.length;
    const other = createTuning({ ...wandbParts(bed.simulator), journal: bed.journal, pollMs: 1 });
    const resumed = (await Promise.all([bed.tuning.resume(), other.resume()]))
      .flat()
      .filter((one) => one.job.id === id);
    expect(resumed.map(({ error }) => error?.code ?? null).filter((code) => code === null).length).toBeGreaterThan(0);
    expect([jobs.length - before, models.filter((model) => model.name === name).length]).toEqual([1, 1]);
  }
});

test("a dataset that was not written is kept for the job", async () => {
  bed = await startTuningBed();
  await using dataset = await buildDataset([chatRecord("a", contentOf("ping", "pong"))], {
    allowSources: ["wandb"],
    split: { test: 0, seed: "s" },
  });
  const parts = { ...wandbParts(bed.simulator), journal: bed.journal, pollMs: 1, dataFolder: bed.folder };
  const tuning = createTuning({ ...parts, newId: () => "one" });
  await tuning.start({ name: "npc", baseModel: BASE_MODEL, dataset });
  expect((await tuning.jobs())[0]).toMatchObject({ id: "one", folder: join(bed.folder, "npc", "one"), examples: 1 });
  expect(bed.simulator.artifacts[0]?.digest).toBe("f62144ec95d8a5a178c2ba18ee78c33c");
});

test("data that is uploaded by hand: a folder with the command, and then its URL", async () => {
  bed = await startTuningBed();
  const { trainer } = wandbParts(bed.simulator);
  const byHand = createTuning({
    trainer,
    artifacts: directory({ folder: bed.folder, project: "team/games" }),
    journal: bed.journal,
  });
  const starting = byHand.start({ name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset });
  await expect(starting).rejects.toThrow(/wandb artifact put --type dataset --name team\/games\/npc-/);
  const tuning = createTuning({
    trainer,
    artifacts: existing("wandb-artifact:///team/games/x:v7"),
    journal: bed.journal,
  });
  // The simulator does not have it, so it refuses the job: the URL was used.
  expect((await tuning.resume())[0]?.error).toMatchObject({ code: "refused", status: 404 });
  expect(() => existing("wandb-artifact:///team/games/x:latest")).toThrow(expect.objectContaining({ path: "url" }));
});

test.each([
  ["name", { name: "a b" }],
  ["baseModel", { baseModel: "acme/other" }],
  ["config.epochs", { config: { epochs: 0 } }],
  ["config.peakLearningRate", { config: { peakLearningRate: 2 } }],
])("an input that is not valid is named, and nothing is uploaded: %s", async (path, change) => {
  bed = await startTuningBed();
  const request = { name: "npc", baseModel: BASE_MODEL, dataset: bed.dataset, ...change };
  await expect(bed.tuning.start(request)).rejects.toMatchObject({ code: "invalid_input", path });
  expect(bed.simulator.requests.filter((one) => !one.startsWith("GET"))).toEqual([]);
});

test("an error does not have the key", async () => {
  bed = await startTuningBed();
  const { trainer } = wandbParts({ ...bed.simulator, apiKey: "wandb-key-of-someone-else" });
  const failing = trainer.baseModels();
  await expect(failing).rejects.toMatchObject({ code: "refused", status: 401 });
  await expect(failing).rejects.not.toThrow(/someone-else/);
});
