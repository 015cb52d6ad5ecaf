import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authorizeBearer } from "@babylon/admin-api";
import type { TuningData } from "@babylon/admin-api/contract";
import { createBabylonLLM } from "@babylon/llm";
import { type Env, silentLogger } from "@babylon/llm-core";
import { startProviderSimulator, startTuningSimulator } from "@babylon/llm-testing";
import { openRecordStore } from "@babylon/record-store";
import { buildDataset } from "@babylon/tuning";
import { expect, onTestFinished, test } from "vitest";
import { createCallLog } from "./call-log.ts";
import { createApp } from "./create-app.ts";
import { openTuning } from "./open-tuning.ts";
import { simulatedConversations } from "./simulated-conversations.ts";

const TOKEN = "a-token-of-the-tests-0000";

/** The dashboard's routes with the variables of real keys, at simulators of the providers and of W&B's training. */
async function startApp(extra: Env) {
  const folder = await mkdtemp(join(tmpdir(), "babylon-open-tuning-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const training = await startTuningSimulator();
  onTestFinished(() => training.close());
  const providers = await startProviderSimulator({ adapters: (model) => training.isServed(model) });
  onTestFinished(() => providers.close());
  const env = {
    ...providers.env,
    BABYLON_SETTINGS_URL: "memory://",
    BABYLON_TUNING_URL: `sqlite://${join(folder, "tuning.db")}`,
    WANDB_TRAINING_URL: training.trainingURL,
    WANDB_ARTIFACTS_URL: training.artifactsURL,
    ...extra,
  };
  const records = await openRecordStore({ url: "sqlite://:memory:" });
  onTestFinished(() => records.close());
  const llm = await createBabylonLLM({ env, records, experiments: "memory://" });
  onTestFinished(() => llm.close());
  const opened = openTuning(llm, env);
  onTestFinished(() => opened.close());
  const app = createApp({
    llm,
    records,
    authorize: authorizeBearer({ admin: TOKEN }),
    page: new Map(),
    calls: createCallLog(),
    simulator: null,
    tuning: opened.tuning,
    logger: silentLogger,
    origins: () => [],
  });
  const send = async (method: string, path: string, body?: unknown): Promise<{ status: number; data: unknown }> => {
    const reply = await app.request(`/api/admin/ai-models${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { data }: { data: unknown } = await reply.json();
    return { status: reply.status, data };
  };
  return { ...opened, llm, folder, send, apiKey: training.apiKey };
}

const ACCOUNT = { WANDB_ENTITY: "town", WANDB_PROJECT: "games" };

test.each([
  ["team and project", {}, "not shown: set WANDB_ENTITY, WANDB_PROJECT"],
  ["the project", { WANDB_ENTITY: "town", WANDB_PROJECT: "" }, "not shown: set WANDB_PROJECT"],
  ["the key", { ...ACCOUNT, WANDB_API_KEY: "" }, "not shown: set WANDB_API_KEY"],
])("without %s there is no page, and the output says what is missing", async (_, extra, expected) => {
  const { tuning, description, send } = await startApp(extra);
  expect([tuning, description]).toEqual([null, expected]);
  expect((await send("GET", "/tuning")).status).toBe(404);
});

test("with a key, a team and a project the page has the trainings of the journal, and promotes a model", async () => {
  const { tuning, description, llm, folder, send, apiKey } = await startApp(ACCOUNT);
  expect(description).toMatch(/^town\/games at W&B, journal sqlite:/);
  expect(description).not.toContain(apiKey);
  const dataset = join(folder, "npc");
  await using built = await buildDataset(simulatedConversations(Date.now(), Math.random), {
    allowSources: ["wandb", "groq"],
  });
  await built.write(dataset);
  const job = await tuning?.start({ name: "npc", baseModel: "meta-llama/Llama-3.1-8B-Instruct", dataset });
  const tuned = await job?.result();
  const { data } = await send("GET", "/tuning");
  // The contract of the route.
  const { jobs, datasets } = data as TuningData;
  expect(jobs).toMatchObject([{ name: "npc", state: "ended" }]);
  expect(datasets).toHaveLength(1);
  const promotion = { job: jobs[0]?.id, model: tuned?.last.model, force: "a test" };
  expect(await send("POST", "/tuning/promote", promotion)).toMatchObject({ status: 200 });
  expect((await llm.settings.get({ fresh: true })).value.providers?.wandb?.model).toBe(tuned?.last.model);
});
