import { openAsBlob } from "node:fs";
import { isRecord, systemClock } from "@babylon/llm-core";
import type { ArtifactStore } from "../contract/artifact-store.ts";
import type { Trainer, TrainerEvent } from "../contract/trainer.ts";
import { isTuningError } from "../contract/tuning-error.ts";
import { firstNumber, textField } from "../trainer/read-reply.ts";
import { createVendorHttp } from "../trainer/vendor-http.ts";
import { createFaceFetch, type FaceFetch } from "./face-fetch.ts";

const BASE = "https://api.fireworks.ai/v1/accounts/acme";
const KEY = "fireworks-key";

/** A job of the face. */
interface Job {
  readonly id: string;
  readonly outputModel: unknown;
  percent: number;
}

/** Fireworks' datasets and `supervisedFineTuningJobs` (docs.fireworks.ai, API reference). A job is a quarter further at each question. */
export function fireworksFace(): FaceFetch & { readonly jobs: readonly Job[] } {
  const jobs: Job[] = [];
  const datasets = new Map<string, string | null>();
  const face = createFaceFetch(BASE, KEY, ({ method, path, query, json, file }) => {
    if (method === "POST" && path === "/datasets") {
      const id = String(json?.datasetId);
      if (datasets.has(id)) return [409, { error: { message: "already exists" } }];
      datasets.set(id, null);
      return [200, { name: `accounts/acme/datasets/${id}`, state: "UPLOADING" }];
    }
    const [, uploaded] = /^\/datasets\/([^:]+):upload$/.exec(path) ?? [];
    if (uploaded !== undefined) {
      if (!datasets.has(uploaded) || file === undefined) return [404, { error: { message: "dataset not found" } }];
      datasets.set(uploaded, file);
      return [200, {}];
    }
    if (method === "POST" && path === "/supervisedFineTuningJobs") {
      const id = query.get("supervisedFineTuningJobId") ?? "random";
      const data = String(json?.dataset).replace("accounts/acme/datasets/", "");
      if (jobs.some((job) => job.id === id)) return [409, { error: { message: "already exists" } }];
      if (datasets.get(data) == null) return [400, { error: { message: "the dataset is not ready" } }];
      jobs.push({ id, outputModel: json?.outputModel, percent: 0 });
      return [200, { name: `accounts/acme/supervisedFineTuningJobs/${id}`, state: "JOB_STATE_CREATING" }];
    }
    const job = jobs.find(({ id }) => path === `/supervisedFineTuningJobs/${id}`);
    if (job === undefined) return [404, { error: { message: "not found" } }];
    job.percent = Math.min(100, job.percent + 25);
    const state = job.percent === 100 ? "JOB_STATE_COMPLETED" : "JOB_STATE_RUNNING";
    return [200, { name: job.id, state, outputModel: job.outputModel, jobProgress: { percent: job.percent } }];
  });
  return { ...face, jobs };
}

/** A trainer for Fireworks, as a caller would write it. Its models are served after a deployment, which is not part of a training. */
export function fireworksParts({
  fetch,
  apiKey = KEY,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly apiKey?: string;
}): {
  readonly trainer: Trainer;
  readonly artifacts: ArtifactStore;
} {
  const http = createVendorHttp({
    vendor: "Fireworks",
    headers: { authorization: `Bearer ${apiKey}` },
    secrets: [apiKey],
    fetch,
    clock: systemClock,
    random: () => 0,
  });
  const readJob = (id: string, abortSignal: AbortSignal | undefined): Promise<unknown> =>
    http({ method: "GET", url: `${BASE}/supervisedFineTuningJobs/${id}`, retries: 2, abortSignal });
  const trainer: Trainer = {
    id: "fireworks",
    baseModels: async () => null,
    createModel: async ({ name }) => ({ modelId: `accounts/acme/models/${name}` }),
    async startJob({ name, baseModel, modelId, dataURL, config }, { abortSignal } = {}) {
      const { epochs = 1, batchSize, peakLearningRate, extra = {} } = config;
      const json = {
        displayName: name,
        dataset: dataURL,
        baseModel,
        outputModel: modelId,
        epochs,
        ...(batchSize === undefined ? {} : { batchSize }),
        ...(peakLearningRate === undefined ? {} : { learningRate: peakLearningRate }),
        ...extra,
      };
      // The caller chooses the id: a second start with it would be refused.
      const url = `${BASE}/supervisedFineTuningJobs?supervisedFineTuningJobId=${name}`;
      await http({ method: "POST", url, json, abortSignal });
      return { jobId: name };
    },
    async findJob({ name }, { abortSignal } = {}) {
      try {
        await readJob(name, abortSignal);
        return { jobId: name };
      } catch (thrown) {
        if (isTuningError(thrown, "refused") && thrown.status === 404) return null;
        throw thrown;
      }
    },
    // A state and a percentage are all there is: they are the cursor.
    async events(jobId, after, { abortSignal } = {}) {
      const job = await readJob(jobId, abortSignal);
      const percent = firstNumber(isRecord(job) ? job.jobProgress : undefined, "percent") ?? 0;
      const events: TrainerEvent[] = after === null ? [{ cursor: "started", type: "started", steps: 100 }] : [];
      if (after !== `p${percent}` && percent > 0) {
        events.push({ cursor: `p${percent}`, type: "step", step: percent, steps: 100, loss: null });
      }
      const state = textField(job, "state", "job");
      if (state === "JOB_STATE_COMPLETED") events.push({ cursor: "ended", type: "ended" });
      if (/FAILED|CANCELLED/.test(state)) events.push({ cursor: "failed", type: "failed", reason: state });
      return events;
    },
    async checkpoints(_order, jobId, { abortSignal } = {}) {
      const job = await readJob(jobId, abortSignal);
      return [{ step: 100, metrics: {}, model: textField(job, "outputModel", "job") }];
    },
  };
  return {
    trainer,
    artifacts: {
      async put({ file, uploadId, abortSignal }) {
        const datasetId = `d-${uploadId}`;
        const json = { datasetId, dataset: { userUploaded: {} } };
        await http({ method: "POST", url: `${BASE}/datasets`, json, abortSignal }).catch((thrown: unknown) => {
          // Made by the same upload, before a crash.
          if (!isTuningError(thrown, "refused") || thrown.status !== 409) throw thrown;
        });
        const form = new FormData();
        form.append("file", await openAsBlob(file), "train.jsonl");
        await http({ method: "POST", url: `${BASE}/datasets/${datasetId}:upload`, body: form, abortSignal });
        return { dataURL: `accounts/acme/datasets/${datasetId}` };
      },
    },
  };
}
