import { LLMError } from "@babylon/llm-core";
import { TuningError } from "@babylon/tuning";
import { afterEach, describe, expect, test } from "vitest";
import type { Permission } from "../authorize.ts";
import type { DatasetData, EvaluationData, JobData, SavedData, TuningData } from "../contract.ts";
import { type StartOptions, startAdmin } from "../test-support/start-admin.ts";
import { CANARY, MODEL, type StartedTuning, startTuning } from "../test-support/start-tuning.ts";

let bed: StartedTuning | undefined;
async function start(options: StartOptions = {}): Promise<StartedTuning> {
  bed = await startTuning(options);
  return bed;
}
afterEach(async () => {
  await bed?.journal.close();
  bed = undefined;
});

const as = (permissions: readonly Permission[] | undefined): StartOptions => ({
  authorize: () => ({ actor: "ana", permissions }),
});
const PATHS = [
  "/tuning",
  `/tuning/datasets/${"a".repeat(64)}`,
  ...["j1", "j2", "j3", "j4"].map((id) => `/tuning/jobs/${id}`),
  "/tuning/evaluations/e1",
  "/tuning/evaluations/e2",
];

describe("GET /tuning", () => {
  test("lists datasets, jobs, evaluations and models, without content", async () => {
    const { admin } = await start();
    const data = await admin.data<TuningData>("GET", "/tuning");
    expect(data.datasets).toEqual([
      {
        id: "a".repeat(64),
        folder: "/data/npc",
        at: 1,
        seen: 60,
        kept: 50,
        train: 40,
        test: 10,
        tokens: 9_000,
        sources: { groq: 50 },
      },
    ]);
    expect(data.jobs.map(({ id, state }) => [id, state])).toEqual([
      ["j1", "ended"],
      ["j2", "start_unknown"],
      ["j3", "running"],
      ["j4", "failed"],
    ]);
    expect(data.jobs[2]).toMatchObject({
      step: 5,
      steps: 40,
      latest: { number: 5, event: { type: "step", loss: 0.4, timeLeftMs: 1_000 } },
    });
    expect(data.evaluations.map(({ id, job, examples }) => [id, job, examples])).toEqual([
      ["e2", "j1", 0],
      ["e1", "j1", 1],
    ]);
    expect([data.models, data.canaries, data.version]).toEqual([[], [], 0]);
  });

  test("/datasets/:id has the report and the jobs, and is a 404 for others", async () => {
    const { admin } = await start();
    const data = await admin.data<DatasetData>("GET", `/tuning/datasets/${"a".repeat(64)}`);
    expect(data.report).toMatchObject({ dropped: { duplicate: 5, secret: 1 }, masked: { email: 3 } });
    expect(data.jobs).toHaveLength(4);
    expect(await admin.call("GET", "/tuning/datasets/none")).toMatchObject({
      status: 404,
      reply: { code: "unknown_dataset" },
    });
  });

  test("/jobs/:id has events after a cursor, so that the loss is followed", async () => {
    const { admin, journal } = await start();
    const first = await admin.data<JobData>("GET", "/tuning/jobs/j3?limit=2");
    expect([first.events.map(({ number }) => number), first.next, first.more]).toEqual([[1, 2], 2, true]);
    const second = await admin.data<JobData>("GET", `/tuning/jobs/j3?after=${first.next}`);
    expect([second.events.map(({ number }) => number), second.next, second.more]).toEqual([[3, 4, 5], 5, false]);
    await journal.advance(
      "j3",
      ["running"],
      { step: 6 },
      {
        type: "step",
        at: 6,
        step: 6,
        of: 40,
        loss: null,
        timeLeftMs: null,
      },
    );
    const third = await admin.data<JobData>("GET", `/tuning/jobs/j3?after=${second.next}`);
    expect(third).toMatchObject({ job: { step: 6 }, events: [{ number: 6, event: { loss: null } }] });
    expect(await admin.data<JobData>("GET", "/tuning/jobs/j3?after=6")).toMatchObject({ events: [], next: 6 });
  });

  test("/jobs/:id cuts what a vendor wrote, and omits fields of the trainer's own request", async () => {
    const { admin } = await start();
    const { job, events } = await admin.data<JobData>("GET", "/tuning/jobs/j4");
    expect(job.reason).toHaveLength(1_000);
    expect(JSON.stringify(events).length).toBeLessThan(1_200);
    expect((await admin.data<JobData>("GET", "/tuning/jobs/j1")).config).toEqual({ epochs: 2 });
  });

  test("/jobs/:id has what a training has cost, as far as the trainer says it", async () => {
    const bedOf = await start();
    expect(await bedOf.admin.data<JobData>("GET", "/tuning/jobs/j1")).toMatchObject({ cost: null });
    const cost = {
      nanoUsd: 5,
      lowNanoUsd: 5,
      highNanoUsd: 5,
      currency: "USD",
      source: "list",
      effective: null,
    } as const;
    const withJob = (result: () => Promise<{ cost: typeof cost; costNote?: string }>) =>
      startAdmin({ tuning: { ...bedOf.tuning, job: async () => ({ result }) } });
    const told = withJob(async () => ({ cost, costNote: "2 hours" }));
    expect(await told.data<JobData>("GET", "/tuning/jobs/j1")).toMatchObject({ cost, costNote: "2 hours" });
    expect(await told.data<JobData>("GET", "/tuning/jobs/j3")).toMatchObject({ cost: null, costNote: null });
    const away = withJob(() => Promise.reject(new TuningError("unavailable", "no connection")));
    const costNote = "The trainer could not be asked.";
    expect(await away.data<JobData>("GET", "/tuning/jobs/j1")).toMatchObject({
      job: { id: "j1" },
      cost: null,
      costNote,
    });
    expect(away.logged).toMatchObject([{ fields: { job: "j1", error: "no connection" } }]);
  });

  test.each([
    ["/tuning/jobs/none", 404, "unknown_job"],
    ["/tuning/jobs/j3?after=-1", 400, "invalid_query"],
    ["/tuning/jobs/j3?limit=1001", 400, "invalid_query"],
    ["/tuning/evaluations/none", 404, "unknown_evaluation"],
    ["/tuning/none/1", 404, "not_found"],
    ["/tuning/jobs/__proto__", 404, "unknown_job"],
  ])("%s is a %i %s", async (path, status, code) => {
    const { admin } = await start();
    expect(await admin.call("GET", path)).toMatchObject({ status, reply: { code } });
  });

  test("is a 404 without tuning, and a 503 while the journal is away", async () => {
    expect(await startAdmin().call("GET", "/tuning")).toMatchObject({ status: 404, reply: { code: "not_found" } });
    expect((await startAdmin().data("GET")).tuning).toBe(false);
    const { admin, journal } = await start();
    expect((await admin.data("GET")).tuning).toBe(true);
    await journal.close();
    for (const path of PATHS) {
      expect(await admin.call("GET", path)).toMatchObject({ status: 503, reply: { code: "tuning_unavailable" } });
    }
  });
});

describe("content", () => {
  test.each([[undefined], [["read"]], [["read", "content"]]] as const)(
    "is in no byte of a reply that does not ask for it, with the permissions %j",
    async (permissions) => {
      const { admin } = await start(as(permissions));
      for (const path of PATHS) {
        const { status, reply } = await admin.call("GET", path);
        expect(status).toBe(200);
        expect(JSON.stringify(reply)).not.toContain(CANARY);
      }
    },
  );

  test.each([[undefined], [["read", "write"]]] as const)(
    "asked for without the permission (%j) is a 403",
    async (permissions) => {
      const { admin } = await start(as(permissions));
      const { status, reply } = await admin.call("GET", "/tuning/evaluations/e1?content=true");
      expect([status, reply]).toMatchObject([403, { error: "this needs the permission to read content" }]);
      expect(JSON.stringify(reply)).not.toContain(CANARY);
      expect(admin.logged).toEqual([]);
    },
  );

  test("with the permission it is sent, and the reading is logged", async () => {
    const { admin } = await start(as(["read", "content"]));
    const data = await admin.data<EvaluationData>("GET", "/tuning/evaluations/e1?content=true");
    expect(data.examples).toMatchObject([{ number: 1, expected: CANARY, baseline: null, scores: { exact: [1, 0] } }]);
    expect(admin.logged).toEqual([
      { message: "the examples of an evaluation were read", fields: { actor: "ana", evaluation: "e1" } },
    ]);
    const without = await admin.data<EvaluationData>("GET", "/tuning/evaluations/e1");
    expect(without).toMatchObject({ mayReadContent: true, examples: null, evaluation: { examples: 1 } });
  });

  test("the permission to read content alone shows nothing", async () => {
    const { admin } = await start(as(["content"]));
    for (const path of [...PATHS, "/tuning/evaluations/e1?content=true"]) {
      expect((await admin.call("GET", path)).status).toBe(403);
    }
  });
});

const before = { order: null, providers: { wandb: { model: "old" } }, agents: {} };
const PROMOTE = { job: "j1", evaluation: "e1" };

describe("POST /tuning/promote and /roll-back", () => {
  test("change the settings and change them back, with author, reason and version", async () => {
    const { admin, settings } = await start({ initial: before });
    const saved = await admin.data<SavedData>("POST", "/tuning/promote", { ...PROMOTE, expectedVersion: 0 });
    expect(saved).toMatchObject({
      version: 1,
      updatedBy: "ana",
      settings: { providers: { wandb: { model: MODEL } }, tuned: { npc: { model: MODEL, previous: "old" } } },
    });
    expect((await settings.history())[0]?.reason).toBe("npc: exact +50.0 points");
    const { models } = await admin.data<TuningData>("GET", "/tuning");
    expect(models).toMatchObject([
      { name: "npc", model: MODEL, blocked: null, rollBack: { providers: { wandb: { model: "old" } } } },
    ]);
    const back = await admin.data<SavedData>("POST", "/tuning/roll-back", {
      name: "npc",
      expectedVersion: 1,
      reason: "players complain",
    });
    expect(back).toMatchObject({ version: 2, updatedBy: "ana", settings: before });
    expect((await settings.history())[0]?.reason).toBe("players complain");
    expect((await admin.data<TuningData>("GET", "/tuning")).models).toEqual([]);
  });

  test("an earlier model of the job, for some agents, by force", async () => {
    const { admin, settings } = await start();
    const model = MODEL.replace("40", "20");
    await admin.data<SavedData>("POST", "/tuning/promote", { job: "j1", model, force: "a test", agents: ["a"] });
    expect(settings.peek().value.agents).toEqual({ a: { provider: "wandb", model } });
    expect((await settings.history())[0]?.reason).toBe("npc: a test");
  });

  test("a model that was changed since cannot be rolled back, and the page knows why", async () => {
    const { admin, settings } = await start();
    await admin.data("POST", "/tuning/promote", PROMOTE);
    await admin.data("PUT", "", { patch: { providers: { wandb: { model: "wandb-model" } } } });
    const { models } = await admin.data<TuningData>("GET", "/tuning");
    expect(models).toMatchObject([{ rollBack: null, blocked: expect.stringContaining("changed since") }]);
    expect(await admin.call("POST", "/tuning/roll-back", { name: "npc" })).toMatchObject({
      status: 409,
      reply: { code: "tuning_conflict" },
    });
    expect(settings.peek().version).toBe(2);
  });

  test.each<[string, object, number, string]>([
    ["promote", { job: "j1" }, 422, "not_better"],
    ["promote", { job: "j1", evaluation: "e2" }, 422, "not_better"],
    ["promote", { ...PROMOTE, model: MODEL.replace("40", "20") }, 422, "not_better"],
    ["promote", { job: "j1", evaluation: "none" }, 404, "unknown_evaluation"],
    ["promote", { job: "none" }, 404, "unknown_job"],
    ["promote", { job: "j3", force: "x" }, 400, "invalid_body"],
    ["promote", { ...PROMOTE, model: "other" }, 400, "invalid_body"],
    ["promote", { ...PROMOTE, force: " " }, 400, "invalid_body"],
    ["promote", { ...PROMOTE, agents: [] }, 400, "invalid_body"],
    ["promote", { ...PROMOTE, expectedVersion: 7 }, 409, "conflict"],
    ["promote", { ...PROMOTE, more: 1 }, 400, "invalid_body"],
    ["roll-back", { name: "npc" }, 409, "tuning_conflict"],
    ["roll-back", {}, 400, "invalid_body"],
  ])("%s %j is refused", async (action, body, status, code) => {
    const { admin, settings } = await start();
    expect(await admin.call("POST", `/tuning/${action}`, body)).toMatchObject({ status, reply: { code } });
    expect(settings.peek().version).toBe(0);
  });

  test("a model that does not answer is not promoted", async () => {
    const error = new LLMError({ code: "model_not_found", message: "no such model" });
    const { admin, settings } = await start({ steps: { wandb: [{ error }] } });
    expect(await admin.call("POST", "/tuning/promote", PROMOTE)).toMatchObject({
      status: 422,
      reply: { code: "not_servable" },
    });
    expect(settings.peek().version).toBe(0);
  });
});

describe("POST /tuning/jobs/:id", () => {
  test("a lost start that did happen goes on under its id", async () => {
    const { admin, journal, started } = await start();
    const { job } = await admin.data<JobData>("POST", "/tuning/jobs/j2", { action: "started", jobId: "v7" });
    expect(job).toMatchObject({ state: "running", jobId: "v7" });
    expect([(await journal.job("j2"))?.state, started]).toEqual(["running", []]);
    expect(admin.logged).toMatchObject([{ fields: { actor: "ana", job: "j2", outcome: "started", jobId: "v7" } }]);
  });

  test("one that did not happen is started once", async () => {
    const { admin, started } = await start();
    const { job } = await admin.data<JobData>("POST", "/tuning/jobs/j2", { action: "not-started" });
    expect(job).toMatchObject({ state: "running", jobId: "v9" });
    expect(started).toEqual(["npc-j2"]);
    expect(await admin.call("POST", "/tuning/jobs/j2", { action: "not-started" })).toMatchObject({
      status: 409,
      reply: { code: "tuning_conflict" },
    });
    expect(started).toHaveLength(1);
  });

  test.each<[TuningError, number, string]>([
    [new TuningError("refused", "no quota", { status: 402 }), 422, "trainer_refused"],
    [new TuningError("unavailable", "busy", { status: 429 }), 503, "trainer_unavailable"],
    [new TuningError("unavailable", "cut"), 409, "start_unknown"],
  ])("a start that fails is said: %s", async (error, status, code) => {
    const started = await start();
    started.refuse = error;
    expect(await started.admin.call("POST", "/tuning/jobs/j2", { action: "not-started" })).toMatchObject({
      status,
      reply: { code },
    });
  });

  test.each<[string, object, number, string]>([
    ["j2", { action: "started" }, 400, "invalid_body"],
    ["j2", { action: "started", jobId: "../x y" }, 400, "invalid_body"],
    ["j2", { action: "stop" }, 400, "invalid_body"],
    ["j3", { action: "started", jobId: "v7" }, 409, "tuning_conflict"],
    ["none", { action: "not-started" }, 404, "unknown_job"],
  ])("%s %j is refused", async (id, body, status, code) => {
    const { admin, started } = await start();
    expect(await admin.call("POST", `/tuning/jobs/${id}`, body)).toMatchObject({ status, reply: { code } });
    expect(started).toEqual([]);
  });
});

test.each([
  ["/tuning/promote", PROMOTE],
  ["/tuning/roll-back", { name: "npc" }],
  ["/tuning/jobs/j2", { action: "not-started" }],
])("POST %s needs the permission to write, from this site", async (path, body) => {
  const { admin, settings, started } = await start(as(["read", "content"]));
  expect(await admin.call("POST", path, body)).toMatchObject({ status: 403, reply: { code: "forbidden" } });
  await bed?.journal.close();
  const other = await start();
  expect(await other.admin.call("POST", path, body, { "sec-fetch-site": "cross-site" })).toMatchObject({
    status: 403,
    reply: { code: "cross_site" },
  });
  expect([settings.peek().version, other.settings.peek().version, started, other.started]).toEqual([0, 0, [], []]);
});
