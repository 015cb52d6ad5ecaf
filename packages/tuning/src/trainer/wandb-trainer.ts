import { type Clock, invalidInput, isRecord, systemClock } from "@babylon/llm-core";
import type {
  Checkpoint,
  Trainer,
  TrainerEvent,
  TrainingConfig,
  TrainingCost,
  TrainingOrder,
} from "../contract/trainer.ts";
import { TuningError } from "../contract/tuning-error.ts";
import { learningRates, stepsPerEpoch } from "./learning-rates.ts";
import { firstNumber, numbersOf, pageRows, textField } from "./read-reply.ts";
import { createVendorHttp } from "./vendor-http.ts";

/** Options of {@link wandbTrainer}. */
export interface WandbTrainerOptions {
  /** The team at W&B. */
  readonly entity: string;
  readonly project: string;
  readonly apiKey: string;
  /** Default `https://forge.coreweave.com/api/training/v1` (docs.coreweave.com, 2026-10). */
  readonly baseURL?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** From 0 to below 1, for jitter of repeated reads. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const DEFAULT_BASE_URL = "https://forge.coreweave.com/api/training/v1";
/** The most that a page of events may have. */
const EVENTS_PER_PAGE = 100;
const READ_RETRIES = 4;
/** Of configurations that name a rate or epochs only. W&B's own defaults are not documented. */
const DEFAULT_BATCH_SIZE = 2;
const DEFAULT_PEAK_LEARNING_RATE = 2e-4;

/** docs.coreweave.com, serverless training, usage information and limits, 2026-09-30. */
const PREVIEW_COST: TrainingCost = {
  cost: { nanoUsd: 0, lowNanoUsd: 0, highNanoUsd: 0, currency: "USD", source: "list", effective: "2026-09-30" },
  note: "W&B's training is free in its public preview (docs.coreweave.com, 2026-09-30); its storage of checkpoints is billed apart",
};

/** What a name at W&B may have. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * W&B's serverless training (preview), by its documented HTTP. `start` is never repeated: it has no idempotency key, and jobs cannot be listed or
 * canceled. Throws `invalid_input` for options.
 */
export function wandbTrainer(options: WandbTrainerOptions): Trainer {
  const { entity, project, apiKey, fetch = globalThis.fetch, clock = systemClock, random = Math.random } = options;
  for (const [name, value] of Object.entries({ entity, project })) {
    if (!NAME.test(value)) throw invalidInput(name, "a name at W&B: letters, digits, dots, dashes and underscores");
  }
  if (typeof apiKey !== "string" || apiKey === "") throw invalidInput("apiKey", "a key");
  const base = (options.baseURL ?? DEFAULT_BASE_URL).replace(/\/+$/, "");
  if (!URL.canParse(base)) throw invalidInput("baseURL", "a URL");
  const http = createVendorHttp({
    vendor: "W&B",
    headers: { authorization: `Bearer ${apiKey}`, accept: "application/json" },
    secrets: [apiKey],
    fetch,
    clock,
    random,
  });
  const read = (path: string, abortSignal: AbortSignal | undefined): Promise<unknown> =>
    http({ method: "GET", url: `${base}${path}`, retries: READ_RETRIES, abortSignal });

  return {
    id: "wandb",
    async baseModels({ abortSignal } = {}) {
      const reply = await read("/preview/base-models", abortSignal);
      return pageRows(reply, "base models").map((row) => textField(row, "id", "base models"));
    },
    async createModel({ name, baseModel }, { abortSignal } = {}) {
      // With `return_existing` a repeated request returns the same model.
      const json = { entity, project, name, base_model: baseModel, return_existing: true };
      const reply = await http({
        method: "POST",
        url: `${base}/preview/models`,
        json,
        retries: READ_RETRIES,
        abortSignal,
      });
      return { modelId: textField(reply, "id", "model") };
    },
    async startJob({ modelId, dataURL, examples, config }, { abortSignal } = {}) {
      const json = { model_id: modelId, training_data_url: dataURL, config: toWandbConfig(examples, config) };
      const reply = await http({ method: "POST", url: `${base}/preview/sft-training-jobs`, json, abortSignal });
      return { jobId: textField(reply, "id", "training job") };
    },
    async findTraces(order, { abortSignal } = {}) {
      // A model may have a checkpoint of its base.
      const checkpoints = (await checkpointsOf(order, abortSignal)).filter(({ step }) => step > 0);
      const steps = plannedSteps(order.examples, order.config);
      return { checkpoints, isComplete: steps !== null && (checkpoints.at(-1)?.step ?? 0) >= steps };
    },
    async events(jobId, after, { abortSignal } = {}) {
      const query = new URLSearchParams({ limit: String(EVENTS_PER_PAGE), ...(after === null ? {} : { after }) });
      const reply = await read(`/preview/training-jobs/${encodeURIComponent(jobId)}/events?${query}`, abortSignal);
      return pageRows(reply, "events").map(toTrainerEvent);
    },
    checkpoints: (order, _jobId, { abortSignal } = {}) => checkpointsOf(order, abortSignal),
    cost: async () => PREVIEW_COST,
  };

  async function checkpointsOf(
    { name, modelId }: TrainingOrder,
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly Checkpoint[]> {
    const found: { readonly step: number; readonly metrics: Readonly<Record<string, number>> }[] = [];
    for (let after: string | null = null; ; ) {
      const query = new URLSearchParams({ limit: "100", order: "asc", ...(after === null ? {} : { after }) });
      const path = `/preview/models/${encodeURIComponent(modelId)}/checkpoints?${query}`;
      const rows = pageRows(await read(path, abortSignal), "checkpoints");
      for (const row of rows) {
        const step = firstNumber(row, "step");
        if (step === null) throw new TuningError("protocol", 'checkpoints: expected a number in "step"');
        found.push({ step, metrics: numbersOf(row.metrics) });
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < 100) break;
      after = textField(last, "id", "checkpoints");
    }
    return found
      .toSorted((a, b) => a.step - b.step)
      .map((one) => ({ ...one, model: `wandb-artifact:///${entity}/${project}/${name}:step${one.step}` }));
  }
}

const isOwnPlan = ({ batchSize, peakLearningRate, epochs }: TrainingConfig): boolean =>
  batchSize !== undefined || peakLearningRate !== undefined || epochs !== undefined;

/** The number of steps; `null`: W&B decides. */
function plannedSteps(examples: number, config: TrainingConfig): number | null {
  if (!isOwnPlan(config)) return null;
  return stepsPerEpoch(examples, config.batchSize ?? DEFAULT_BATCH_SIZE) * (config.epochs ?? 1);
}

function toWandbConfig(examples: number, config: TrainingConfig): Readonly<Record<string, unknown>> {
  const { batchSize, peakLearningRate, assistantTurns, extra = {} } = config;
  const size = batchSize ?? DEFAULT_BATCH_SIZE;
  const plan = { ...config, peakLearningRate: peakLearningRate ?? DEFAULT_PEAK_LEARNING_RATE };
  return {
    // There is no field for epochs: the number of rates is the number of steps.
    ...(isOwnPlan(config) ? { batch_size: size, learning_rate: learningRates(examples, size, plan) } : {}),
    ...(assistantTurns === undefined ? {} : { assistant_turns: assistantTurns }),
    ...extra,
  };
}

/** What the events hold is not documented beyond their types: fields that are absent are `null`, and unknown types only move the cursor. */
function toTrainerEvent(row: Readonly<Record<string, unknown>>): TrainerEvent {
  const cursor = textField(row, "id", "events");
  const { data } = row;
  const steps = firstNumber(data, "num_gradient_steps", "total_steps", "num_steps");
  switch (row.type) {
    case "training_started":
      return { cursor, type: "started", steps };
    case "gradient_step": {
      const loss = firstNumber(data, "loss", "train/loss", "loss/train");
      return { cursor, type: "step", step: firstNumber(data, "step", "gradient_step"), steps, loss };
    }
    case "training_ended":
      return { cursor, type: "ended" };
    case "training_failed":
      return { cursor, type: "failed", reason: reasonOf(data) };
    default:
      return { cursor, type: "other" };
  }
}

function reasonOf(data: unknown): string | null {
  if (!isRecord(data)) return null;
  const texts = [data.error_message, data.error, data.message, data.reason];
  return texts.find((text): text is string => typeof text === "string")?.slice(0, 400) ?? null;
}
