import type { ExperimentReport } from "@babylon/experiments/contract";
import { EMPTY_SETTINGS, type ExperimentSettings } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import type { ExperimentCourse, ExperimentData, ExperimentsData, SavedData } from "../contract.ts";
import { type StartOptions, startAdmin } from "../test-support/start-admin.ts";

const experiment: ExperimentSettings = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 5_000, provider: "groq", model: "groq-model" },
  ],
  metric: "accepted",
  direction: "up",
};
const HOUR_MS = 3_600_000;
const initial = { ...EMPTY_SETTINGS, experiments: { "npc-model": experiment } };
// The route passes it on as it is.
const report = {
  experiment: "npc-model",
  verdict: "winner",
  winner: "tuned",
  units: 4,
  comparison: [],
  arms: [{ id: "control", figures: { costUsd: { mean: 2, interval: [1, 3] } } }],
} as unknown as ExperimentReport;

const start = (options: StartOptions = {}) => startAdmin({ initial, ...options });

describe("GET /experiments", () => {
  test("lists the experiments of the settings, also without reports", async () => {
    const data = await start().data<ExperimentsData>("GET", "/experiments");
    expect(data).toMatchObject({ experiments: { "npc-model": experiment }, version: 0, reports: false });
  });

  test("/:id has the settings and the report, in the view that is asked for", async () => {
    const asked: unknown[] = [];
    const experiments = {
      report: async (...args: unknown[]) => {
        asked.push(args);
        return report;
      },
      course: async () => [],
    };
    const admin = start({ experiments });
    const data = await admin.data<ExperimentData>("GET", "/experiments/npc-model?as=served");
    expect(data).toMatchObject({ id: "npc-model", settings: experiment, report: { winner: "tuned" } });
    // One report, whatever is shown beside it: each reads all rows.
    expect(asked).toEqual([["npc-model", { as: "served", settings: initial, figures: ["costUsd", "latencyMs"] }]]);
    const unknown = { mean: null, interval: null };
    expect(data.figures).toEqual([{ arm: "control", costUsd: { mean: 2, interval: [1, 3] }, latencyMs: unknown }]);
    expect(await admin.call("GET", "/experiments/other")).toMatchObject({
      status: 404,
      reply: { code: "unknown_experiment" },
    });
    expect(await admin.call("GET", "/experiments/npc-model?as=seen")).toMatchObject({
      reply: { code: "invalid_query" },
    });
  });

  test("/:id/course has earlier looks, back to the first call, from one pass", async () => {
    const asked: (readonly number[])[] = [];
    const { clock, data, call } = start({
      experiments: {
        report: async () => report,
        course: async (_, { at }) => {
          asked.push(at);
          return at.map((look) => ({ at: look, units: look > clock.now() - 3 * HOUR_MS ? 4 : 0, comparison: [] }));
        },
      },
    });
    const { id, looks, now } = await data<ExperimentCourse>("GET", "/experiments/npc-model/course?as=served");
    expect([id, now]).toEqual(["npc-model", clock.now()]);
    // Three hours ago: the call that started at that moment.
    expect(looks.map(({ at, units }) => [now + 1 - at, units])).toEqual([
      [3 * HOUR_MS, 4],
      [HOUR_MS, 4],
      [0, 4],
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toEqual(asked[0]?.toSorted((a, b) => a - b));
    expect(await call("GET", "/experiments/other/course")).toMatchObject({ reply: { code: "unknown_experiment" } });
    expect(await call("GET", "/calls/c/course")).toMatchObject({ status: 404, reply: { code: "not_found" } });
  });

  test("/:id is a 404 without reports, and a 503 while the rows are away", async () => {
    expect(await start().call("GET", "/experiments/npc-model")).toMatchObject({
      status: 404,
      reply: { code: "not_found" },
    });
    const away = Object.assign(new Error("away"), { code: "unavailable" });
    const admin = start({ experiments: { report: () => Promise.reject(away), course: () => Promise.reject(away) } });
    expect(await admin.call("GET", "/experiments/npc-model")).toMatchObject({
      status: 503,
      reply: { code: "experiments_unavailable" },
    });
    expect(await admin.call("GET", "/experiments/npc-model/course")).toMatchObject({ status: 503 });
  });
});

describe("POST /experiments/:id", () => {
  test("promotes an arm by one change of the settings, with author and reason", async () => {
    const admin = start();
    const saved = await admin.data<SavedData>("POST", "/experiments/npc-model", { action: "promote", arm: "tuned" });
    expect(saved).toMatchObject({
      version: 1,
      updatedBy: "ana",
      activeProvider: "groq",
      settings: {
        order: ["groq"],
        providers: { groq: { model: "groq-model" } },
        experiments: { "npc-model": { state: "stopped", winner: "tuned" } },
      },
    });
    expect((await admin.settings.history())[0]?.reason).toBe("promote npc-model tuned");
  });

  test.each<[object, object]>([
    [{ action: "pause" }, { state: "paused" }],
    [{ action: "start" }, { state: "running" }],
    [{ action: "stop" }, { state: "stopped" }],
    [
      { action: "stop", arm: "control", reason: "over" },
      { state: "stopped", winner: "control" },
    ],
  ])("%j changes the state", async (body, expected) => {
    const saved = await start().data<SavedData>("POST", "/experiments/npc-model", body);
    expect(saved.settings.experiments?.["npc-model"]).toMatchObject(expected);
  });

  test.each<[object, number, string, RegExp]>([
    [{ action: "promote" }, 400, "invalid_body", /promote needs an arm/],
    [{ action: "promote", arm: "x" }, 400, "invalid_body", /expected an arm/],
    [{ action: "explode" }, 400, "invalid_body", /expected start, pause, stop or promote/],
    [{ action: "stop", expectedVersion: 7 }, 409, "conflict", /changed/],
  ])("%j is refused", async (body, status, code, message) => {
    const { settings, call } = start();
    const { reply, ...answer } = await call("POST", "/experiments/npc-model", body);
    expect({ ...answer, reply }).toMatchObject({ status, reply: { code } });
    expect(JSON.stringify(reply)).toMatch(message);
    expect(settings.peek().version).toBe(0);
  });

  test("needs the permission to write, and an experiment", async () => {
    const reader = start({ authorize: () => ({ actor: "ana", permissions: ["read"] }) });
    expect(await reader.call("POST", "/experiments/npc-model", { action: "stop" })).toMatchObject({ status: 403 });
    expect(await start().call("POST", "/experiments/other", { action: "stop" })).toMatchObject({
      status: 404,
      reply: { code: "unknown_experiment" },
    });
  });
});

test("an experiment with an unknown provider is refused when it is saved, and a model in no list is a warning", async () => {
  const admin = start();
  const arms = (provider: string, model: string) => [
    experiment.arms[0],
    { id: "tuned", weight: 5_000, provider, model },
  ];
  const put = (provider: string, model: string) =>
    admin.call<SavedData>("PUT", "", {
      patch: { experiments: { other: { ...experiment, state: "draft", arms: arms(provider, model) } } },
    });
  expect(await put("grok", "x")).toMatchObject({ status: 422, reply: { code: "unknown_provider" } });
  const { reply } = await put("groq", "nowhere");
  expect(reply.success && reply.data.warnings.join()).toContain('groq: "nowhere"');
});
