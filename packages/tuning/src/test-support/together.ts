import { openAsBlob } from "node:fs";
import { systemClock } from "@babylon/llm-core";
import type { ArtifactStore } from "../contract/artifact-store.ts";
import type { Trainer, TrainerEvent } from "../contract/trainer.ts";
import { firstNumber, pageRows, textField } from "../trainer/read-reply.ts";
import { createVendorHttp } from "../trainer/vendor-http.ts";
import { createFaceFetch, type FaceFetch } from "./face-fetch.ts";

const BASE = "https://api.together.xyz/v1";
const KEY = "together-key";

/** A job of the face, in the fields that are read. */
interface Job {
  readonly id: string;
  readonly suffix: unknown;
  readonly output: string;
  polls: number;
}

/** Together's `/files/upload` and `/fine-tunes` (its OpenAPI document 2.0.0, docs.together.ai). Jobs have an event more at each question. */
export function togetherFace(): FaceFetch & { readonly jobs: readonly Job[] } {
  const jobs: Job[] = [];
  const events = ["job_pending", "job_start", "training_start", "checkpoint_save", "training_complete", "job_complete"];
  const face = createFaceFetch(BASE, KEY, ({ method, path, json, file }) => {
    if (method === "POST" && path === "/files/upload") {
      return file?.endsWith("\n")
        ? [200, { id: "file-1", object: "file", purpose: "fine-tune" }]
        : [400, { error: { message: "no file" } }];
    }
    if (method === "POST" && path === "/fine-tunes") {
      const { training_file: data, model, suffix } = json ?? {};
      if (data !== "file-1" || typeof model !== "string") return [400, { error: { message: "unknown training file" } }];
      const job = {
        id: `ft-${jobs.length + 1}`,
        suffix,
        output: `acme/${model.split("/")[1]}-${suffix}-1a2b`,
        polls: 0,
      };
      jobs.push(job);
      return [200, { id: job.id, status: "pending", user_id: "u" }];
    }
    if (path === "/fine-tunes")
      return [200, { data: jobs.map(({ id, suffix }) => ({ id, suffix, status: "running" })) }];
    const [, id, what] = /^\/fine-tunes\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const job = jobs.find((one) => one.id === id);
    if (job === undefined) return [404, { error: { message: "not found" } }];
    if (what === "checkpoints") {
      return [
        200,
        { data: [{ step: 12, path: "s3://together/12", created_at: "2026-11-30", checkpoint_type: "Intermediate" }] },
      ];
    }
    if (what === undefined)
      return [200, { id, status: "completed", model_output_name: job.output, total_price: 5_000_000 }];
    job.polls += 1;
    return [
      200,
      {
        data: events
          .slice(0, job.polls)
          .map((type) => ({ type, object: "fine-tune-event", step: 12, total_steps: 12 })),
      },
    ];
  });
  return { ...face, jobs };
}

/** A trainer for Together, as a caller would write it. */
export function togetherParts({
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
    vendor: "Together",
    headers: { authorization: `Bearer ${apiKey}` },
    secrets: [apiKey],
    fetch,
    clock: systemClock,
    random: () => 0,
  });
  const read = (path: string, abortSignal: AbortSignal | undefined): Promise<unknown> =>
    http({ method: "GET", url: `${BASE}${path}`, retries: 2, abortSignal });
  const trainer: Trainer = {
    id: "together",
    baseModels: async () => null,
    // A model is made by its job.
    createModel: async ({ name }) => ({ modelId: name }),
    async startJob({ name, baseModel, dataURL, config }, { abortSignal } = {}) {
      const { epochs = 1, batchSize = "max", peakLearningRate, extra = {} } = config;
      const json = {
        training_file: dataURL,
        model: baseModel,
        suffix: name,
        n_epochs: epochs,
        batch_size: batchSize,
        ...(peakLearningRate === undefined ? {} : { learning_rate: peakLearningRate }),
        ...extra,
      };
      const reply = await http({ method: "POST", url: `${BASE}/fine-tunes`, json, abortSignal });
      return { jobId: textField(reply, "id", "fine-tune") };
    },
    async findJob({ name }, { abortSignal } = {}) {
      const found = pageRows(await read("/fine-tunes", abortSignal), "fine-tunes").find(
        ({ suffix }) => suffix === name,
      );
      return found === undefined ? null : { jobId: textField(found, "id", "fine-tunes") };
    },
    async events(jobId, after, { abortSignal } = {}) {
      const rows = pageRows(await read(`/fine-tunes/${jobId}/events`, abortSignal), "events");
      // Events have no ids; the list only grows.
      return rows.map(toEvent).slice(after === null ? 0 : Number(after) + 1);
    },
    async checkpoints(_order, jobId, { abortSignal } = {}) {
      const job = await read(`/fine-tunes/${jobId}`, abortSignal);
      const rows = pageRows(await read(`/fine-tunes/${jobId}/checkpoints`, abortSignal), "checkpoints");
      const step = firstNumber(rows.at(-1), "step") ?? 0;
      return [{ step, metrics: {}, model: textField(job, "model_output_name", "fine-tune") }];
    },
    cost: async () => ({ cost: null, note: "Together reports total_price in a unit that it does not document" }),
  };
  return {
    trainer,
    artifacts: {
      async put({ file, name, abortSignal }) {
        const form = new FormData();
        form.append("purpose", "fine-tune");
        form.append("file_name", `${name}.jsonl`);
        form.append("file", await openAsBlob(file), `${name}.jsonl`);
        const reply = await http({ method: "POST", url: `${BASE}/files/upload`, body: form, abortSignal });
        return { dataURL: textField(reply, "id", "file") };
      },
    },
  };
}

function toEvent(row: Readonly<Record<string, unknown>>, index: number): TrainerEvent {
  const cursor = String(index);
  const steps = firstNumber(row, "total_steps");
  switch (row.type) {
    case "training_start":
      return { cursor, type: "started", steps };
    case "checkpoint_save":
    case "epoch_complete":
      return { cursor, type: "step", step: firstNumber(row, "step"), steps, loss: null };
    case "job_complete":
      return { cursor, type: "ended" };
    case "job_error":
      return { cursor, type: "failed", reason: typeof row.message === "string" ? row.message : null };
    default:
      return { cursor, type: "other" };
  }
}
