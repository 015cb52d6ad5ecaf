import { isRecord } from "@babylon/llm-core";
import { type Face, type FaceReply, jsonOf, refusal } from "./face.ts";
import { trainingDataProblem } from "./training-data.ts";

/** A model of the simulator. */
export interface SimulatedModel {
  readonly id: string;
  readonly entity: string;
  readonly project: string;
  readonly name: string;
  readonly baseModel: string;
}

/** A job of the simulator. */
export interface SimulatedJob {
  readonly id: string;
  readonly model: SimulatedModel;
  readonly dataURL: string;
  readonly config: unknown;
  readonly steps: number;
  /** Events that were reported. */
  shown: number;
}

/** W&B's training. */
export interface TrainingFace {
  readonly face: Face;
  readonly models: readonly SimulatedModel[];
  readonly jobs: readonly SimulatedJob[];
  /** Whether a model id is a checkpoint that can be served. */
  isServed(model: string): boolean;
}

/** What the face depends on. */
export interface TrainingFaceOptions {
  readonly key: string;
  readonly baseModels: readonly string[];
  /** The examples of an artifact; `null`: there is no such version. */
  contentOf(url: string): string | null;
  /** New steps at each question for events. */
  readonly stepsPerPoll: number;
  /** Steps of a job; default: those of its data and configuration. */
  readonly steps: number | undefined;
  /** After this step jobs fail. */
  readonly failAfter: number | undefined;
}

const JOB_FIELDS = ["batch_size", "learning_rate", "assistant_turns", "metric_logging"];
const MODEL_FIELDS = ["entity", "project", "name", "base_model", "return_existing"];
const DEFAULT_BATCH = 2;

/** Creates the face, with the strictness of the documented fields. */
export function createTrainingFace(options: TrainingFaceOptions): TrainingFace {
  const models: SimulatedModel[] = [];
  const jobs: SimulatedJob[] = [];

  function createModel(body: unknown): FaceReply {
    if (!isRecord(body)) return refusal(422, "body: not an object");
    const unknown = Object.keys(body).find((name) => !MODEL_FIELDS.includes(name));
    if (unknown !== undefined) return refusal(422, `${unknown}: extra fields not permitted`);
    const { entity, project, name, base_model: baseModel, return_existing: isReturned } = body;
    if (typeof project !== "string" || typeof name !== "string" || typeof entity !== "string")
      return refusal(422, "name: field required");
    if (!options.baseModels.includes(String(baseModel)))
      return refusal(400, `base_model: ${baseModel} is not trainable`);
    const known = models.find((model) => model.entity === entity && model.project === project && model.name === name);
    if (known !== undefined && isReturned !== true) return refusal(409, "a model with this name exists");
    const model = known ?? { id: `model-${models.length + 1}`, entity, project, name, baseModel: String(baseModel) };
    if (known === undefined) models.push(model);
    return { status: 200, body: { id: model.id, entity, project, name, base_model: model.baseModel, run_id: null } };
  }

  function startJob(body: unknown): FaceReply {
    if (!isRecord(body)) return refusal(422, "body: not an object");
    const { model_id: modelId, training_data_url: url, config = {} } = body;
    const model = models.find(({ id }) => id === modelId);
    if (model === undefined) return refusal(404, "model not found");
    if (typeof url !== "string" || !/^wandb-artifact:\/\/\/[^:]+:v\d+$/.test(url))
      return refusal(400, "training_data_url: expected a version of an artifact");
    const content = options.contentOf(url);
    if (content === null) return refusal(404, "artifact not found");
    const problem = trainingDataProblem(content);
    if (problem !== null) return refusal(400, problem);
    if (!isRecord(config)) return refusal(422, "config: not an object");
    const unknown = Object.keys(config).find((name) => !JOB_FIELDS.includes(name));
    if (unknown !== undefined) return refusal(422, `config.${unknown}: extra fields not permitted`);
    const examples = content.split("\n").length - 1;
    const batch = typeof config.batch_size === "number" ? config.batch_size : DEFAULT_BATCH;
    const perEpoch = Math.ceil(examples / batch);
    const rates = config.learning_rate;
    if (
      Array.isArray(rates) &&
      (rates.length === 0 || rates.length % perEpoch !== 0 || !rates.every((rate) => rate > 0 && rate < 1))
    ) {
      return refusal(422, `config.learning_rate: expected a multiple of ${perEpoch} rates`);
    }
    const steps = options.steps ?? (Array.isArray(rates) ? rates.length : perEpoch);
    const job: SimulatedJob = { id: `job-${jobs.length + 1}`, model, dataURL: url, config, steps, shown: 0 };
    jobs.push(job);
    return { status: 200, body: { id: job.id } };
  }

  /** All events of a job. */
  function eventsOf({ id, steps }: SimulatedJob): readonly object[] {
    const failsAt = options.failAfter;
    const last = Math.min(steps, failsAt ?? steps);
    const event = (number: number, type: string, data: object) => ({ id: `${id}-event-${number}`, type, data });
    const gradient = Array.from({ length: last }, (_, index) =>
      event(index + 1, "gradient_step", { loss: Math.round(20_000 / (index + 8)) / 1_000 }),
    );
    const end =
      failsAt === undefined
        ? event(last + 1, "training_ended", {})
        : event(last + 1, "training_failed", { error_message: "out of memory" });
    return [event(0, "training_started", { num_gradient_steps: steps }), ...gradient, end];
  }

  function events(jobId: string, query: URLSearchParams): FaceReply {
    const job = jobs.find(({ id }) => id === jobId);
    if (job === undefined) return refusal(404, "job not found");
    const limit = Number(query.get("limit") ?? 100);
    if (!(limit >= 1 && limit <= 100)) return refusal(422, "limit: at most 100");
    const all = eventsOf(job);
    job.shown = Math.min(all.length, job.shown + options.stepsPerPoll);
    const after = query.get("after");
    const from = after === null ? 0 : all.findIndex((event) => "id" in event && event.id === after) + 1;
    if (after !== null && from === 0) return refusal(422, "after: unknown event");
    const data = all.slice(from, Math.min(job.shown, from + limit));
    return { status: 200, body: { object: "list", data, has_more: from + data.length < job.shown } };
  }

  /** Two checkpoints: in the middle, and at the end. The event of a step comes after that of the start. */
  const checkpointSteps = ({ steps, shown }: SimulatedJob): readonly number[] =>
    options.failAfter === undefined ? [Math.ceil(steps / 2), steps].filter((step) => shown > step + 1) : [];

  function checkpoints(modelId: string): FaceReply {
    const model = models.find(({ id }) => id === modelId);
    if (model === undefined) return refusal(404, "model not found");
    const ofModel = jobs.filter((job) => job.model === model);
    // A training goes on without a reader of its events.
    for (const job of ofModel) job.shown = Math.min(eventsOf(job).length, job.shown + options.stepsPerPoll);
    const steps = ofModel.flatMap(checkpointSteps);
    const data = [...new Set(steps)].map((step) => ({
      id: `checkpoint-${step}`,
      step,
      metrics: { loss: 20 / (step + 8) },
    }));
    return { status: 200, body: { object: "list", data, has_more: false } };
  }

  return {
    models,
    jobs,
    isServed: (name) =>
      jobs.some((job) => {
        const { entity, project, name: own } = job.model;
        const prefix = `wandb-artifact:///${entity}/${project}/${own}:step`;
        return checkpointSteps(job).some((step) => name === `${prefix}${step}`);
      }),
    face({ method, path, query, headers, body }) {
      if (headers.authorization !== `Bearer ${options.key}`) return refusal(401, "Authentication failed");
      const route = `${method} ${path}`;
      if (route === "GET /preview/base-models")
        return { status: 200, body: { data: options.baseModels.map((id) => ({ id })) } };
      if (route === "POST /preview/models") return createModel(jsonOf(body));
      if (route === "POST /preview/sft-training-jobs") return startJob(jsonOf(body));
      const [, kind, id = ""] =
        /^GET \/preview\/(training-jobs|models)\/([^/]+)\/(?:events|checkpoints)$/.exec(route) ?? [];
      if (kind === "training-jobs") return events(decodeURIComponent(id), query);
      return kind === "models" ? checkpoints(decodeURIComponent(id)) : null;
    },
  };
}
