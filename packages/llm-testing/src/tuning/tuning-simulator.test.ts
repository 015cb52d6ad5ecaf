import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTuningSimulator, type TuningSimulator } from "./start-tuning-simulator.ts";

let simulator: TuningSimulator;
beforeAll(async () => {
  simulator = await startTuningSimulator();
});
afterAll(() => simulator.close());

const CONTENT = '{"messages":[{"role":"user","content":"ping"},{"role":"assistant","content":"pong"}]}\n';
const MD5 = createHash("md5").update(CONTENT).digest("base64");
const NAMES = { entity: "t", project: "p", run: "r" };

async function gql(name: string, variables: Readonly<Record<string, unknown>>, key = simulator.apiKey) {
  const declared = Object.keys(variables)
    .map((variable) => `$${variable}: ID`)
    .join(", ");
  const response = await fetch(`${simulator.artifactsURL}/graphql`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`api:${key}`).toString("base64")}` },
    body: JSON.stringify({ query: `mutation ${name}(${declared}) { x }`, variables }),
  });
  return { status: response.status, body: await response.json() };
}

async function train(path: string, body?: unknown, key = simulator.apiKey) {
  const response = await fetch(`${simulator.trainingURL}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function createArtifact(collection: string, digest: string): Promise<string> {
  await gql("UpsertBucket", { entity: "t", project: "p", name: "r" });
  const ids = { clientID: `c ${collection}`, sequenceClientID: "s" };
  const { body } = await gql("CreateArtifact", {
    ...NAMES,
    type: "dataset",
    collection,
    digest,
    metadata: "{}",
    ...ids,
  });
  return body.data.createArtifact.artifact.id;
}

describe("artifacts are refused", () => {
  test("with a wrong key, an unknown mutation, or without a run", async () => {
    expect((await gql("UpsertBucket", {}, "other")).status).toBe(401);
    expect((await gql("DropArtifacts", {})).status).toBe(400);
    const { body } = await gql("CreateArtifact", {
      ...NAMES,
      run: "none",
      digest: "0".repeat(32),
      clientID: "x",
      sequenceClientID: "y",
    });
    expect(body.errors[0].message).toContain("not found");
  });

  test("with other bytes than their MD5, with the key at the storage, and without their manifest", async () => {
    const artifact = await createArtifact("broken", "0".repeat(32));
    const files = [{ artifactID: artifact, name: "train.jsonl", md5: MD5, artifactManifestID: `m ${artifact}` }];
    const { body } = await gql("CreateArtifactFiles", { files });
    const { uploadUrl, uploadHeaders } = body.data.createArtifactFiles.files.edges[0].node;
    const headers = Object.fromEntries(uploadHeaders.map((line: string) => line.split(/:(.*)/s).slice(0, 2)));
    const put = (content: string, more = {}) =>
      fetch(uploadUrl, { method: "PUT", body: content, headers: { ...headers, ...more } });
    expect((await put(`${CONTENT} `)).status).toBe(400);
    expect((await put(CONTENT, { authorization: "Basic x" })).status).toBe(400);
    expect((await put(CONTENT)).status).toBe(200);
    const committed = await gql("CommitArtifact", { artifact });
    expect(committed.body.errors[0].message).toContain("manifest was not uploaded");
    expect(simulator.artifacts.filter(({ version }) => version !== null)).toEqual([]);
  });
});

describe("training is refused", () => {
  test.each([
    ["a wrong key", "/preview/base-models", undefined, 401],
    ["another base model", "/preview/models", { entity: "t", project: "p", name: "n", base_model: "x" }, 400],
    ["an unknown field of a model", "/preview/models", { entity: "t", project: "p", name: "n", rank: 8 }, 422],
    ["a job without its model", "/preview/sft-training-jobs", { model_id: "none", training_data_url: "x" }, 404],
    ["events of an unknown job", "/preview/training-jobs/none/events", undefined, 404],
  ])("with %s", async (_, path, body, status) => {
    expect((await train(path, body, status === 401 ? "other" : undefined)).status).toBe(status);
  });

  test.each([
    ["an alias that moves", "wandb-artifact:///t/p/n:latest", 400],
    ["an artifact that is not committed", "wandb-artifact:///t/p/broken:v0", 404],
  ])("with %s", async (_, url, status) => {
    const base = {
      entity: "t",
      project: "p",
      name: "m",
      base_model: "meta-llama/Llama-3.1-8B-Instruct",
      return_existing: true,
    };
    const { body } = await train("/preview/models", base);
    expect((await train("/preview/sft-training-jobs", { model_id: body.id, training_data_url: url })).status).toBe(
      status,
    );
    expect(simulator.jobs).toEqual([]);
  });
});
