import type { LLMClient, SystemSettings } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import {
  createTuning,
  type EvaluationReport,
  existing,
  type JobState,
  type JournalJob,
  openTuningJournal,
  type PairedFigure,
  type Trainer,
  type Tuning,
  type TuningJournal,
} from "@babylon/tuning";

/** In each prompt and answer of the sample. */
export const CONTENT = "canary-5b1e";
const BASE = "meta-llama/Llama-3.1-8B-Instruct";
const DATASET = "3f9a".repeat(16);
const MINUTE_MS = 60_000;

/** The model of a step of a job. */
export const modelOf = (name: string, id: string, step: number): string =>
  `wandb-artifact:///acme/games/${name}-${id}:step${step}`;

const figure = (candidate: number, baseline: number, half: number): PairedFigure => ({
  pairs: 48,
  candidate,
  baseline,
  difference: candidate - baseline,
  interval: [candidate - baseline - half, candidate - baseline + half],
});

const reportOf = (atEpochMs: number, model: string, isBetter: boolean): EvaluationReport => ({
  atEpochMs,
  candidate: { provider: "wandb", model },
  baseline: "current",
  pairs: 48,
  scores: isBetter
    ? { preferred: figure(0.71, 0.29, 0.18), jsonShape: figure(1, 0.96, 0.05) }
    : { preferred: figure(0.52, 0.48, 0.2) },
  failures: { candidate: 0, baseline: 1 },
  latencyMs: figure(420, 910, 60),
  costUsd: { pairs: 0, candidate: null, baseline: null, difference: null, interval: null },
  verdict: isBetter ? "better" : "undecided",
  why: isBetter ? "preferred +42.0 points (from +24.0 points to +60.0 points)" : "preferred +4.0 points",
});

const exampleOf = (number: number) => ({
  number,
  prompt: [
    { role: "system" as const, text: `You are a smith. ${CONTENT}` },
    { role: "user" as const, text: `Villager ${number} asks for a sword. ${CONTENT}` },
  ],
  expected: `{"mood":"calm","say":"Tomorrow at noon."} ${CONTENT}`,
  candidate: `{"mood":"calm","say":"Come back tomorrow."} ${CONTENT}`,
  baseline:
    number === 3 ? null : `As a blacksmith I would be delighted to discuss your order, number ${number}. ${CONTENT}`,
  scores: {
    preferred: (number % 3 === 0 ? [0, 1] : number % 3 === 1 ? [1, 0] : [0.5, 0.5]) as readonly [number, number],
    jsonShape: [1, 0] as const,
  },
});

/** A tuning with its journal, which is filled. */
export interface SampleTuning {
  readonly tuning: Tuning;
  readonly journal: TuningJournal;
  /** Names of jobs that were started at the vendor. */
  readonly started: readonly string[];
}

/** Parts of the sample. */
export interface SampleTuningParts {
  readonly settings: SettingsStore;
  readonly llm: LLMClient;
  readonly now: number;
}

/** A journal without anything in it. */
export function emptyTuning({ settings, llm }: SampleTuningParts): SampleTuning {
  const journal = openTuningJournal({ url: "sqlite://:memory:" });
  const started: string[] = [];
  const trainer: Trainer = {
    id: "wandb",
    baseModels: async () => null,
    createModel: async () => ({ modelId: "m" }),
    async startJob({ name }) {
      started.push(name);
      return { jobId: "sft-new" };
    },
    events: async () => [],
    checkpoints: async () => [],
  };
  const artifacts = existing("wandb-artifact:///acme/games/data:v0");
  return { tuning: createTuning({ trainer, artifacts, journal, settings, llm }), journal, started };
}

/** A dataset, jobs in the states that matter, two evaluations, a promoted model and a canary. */
export async function sampleTuning(parts: SampleTuningParts): Promise<SampleTuning> {
  const { settings, now } = parts;
  const sample = emptyTuning(parts);
  const { journal } = sample;
  const facts = { lines: 1_900, bytes: 1_240_000, sha256: DATASET, md5: "x" };
  const none = Object.fromEntries(
    ["stitched", "source", "media", "empty", "invalid-tool-call", "unknown-tokens", "not-judged", "over-limit"].map(
      (reason) => [reason, 0],
    ),
  );
  await journal.addDataset({
    folder: "/srv/town/data/npc-v1",
    atEpochMs: now - 90 * MINUTE_MS,
    report: {
      seen: 3_000,
      kept: 2_110,
      // The reasons that are not named have none.
      dropped: {
        ...none,
        failed: 214,
        "no-content": 40,
        filtered: 380,
        "too-long": 12,
        rejected: 60,
        secret: 9,
        duplicate: 175,
      } as never,
      masked: { email: 31, phone: 4 },
      sources: { wandb: 1_400, groq: 710 },
      groups: { train: 54, test: 6 },
      tokens: 1_422_000,
      allowSources: ["groq", "wandb"],
      split: { test: 0.1, seed: "npc-v1" },
      train: facts,
      test: { ...facts, lines: 210, bytes: 140_000, sha256: "b".repeat(64) },
    },
  });
  const jobs: readonly (readonly [id: string, name: string, state: JobState, steps: number, agoMinutes: number])[] = [
    ["aa11", "guard", "ended", 60, 600],
    ["bb22", "npc", "failed", 12, 300],
    ["cc33", "npc", "ended", 480, 80],
    ["dd44", "npc", "start_unknown", 0, 20],
    ["ee55", "npc", "running", 120, 4],
  ];
  for (const [id, name, state, steps, agoMinutes] of jobs) {
    const isEnded = state === "ended";
    const job: JournalJob = {
      id,
      state: state === "start_unknown" ? state : "running",
      name,
      trainer: "wandb",
      baseModel: BASE,
      config: { epochs: 3, batchSize: 8, peakLearningRate: 2e-4 },
      folder: "/srv/town/data/npc-v1",
      datasetSha256: DATASET,
      examples: 1_900,
      createdAtEpochMs: now - agoMinutes * MINUTE_MS,
      modelId: "m1",
      dataURL: "wandb-artifact:///acme/games/data:v0",
      jobId: state === "start_unknown" ? null : `sft-${id}`,
      cursor: null,
      step: 0,
      steps: null,
      reason: null,
      checkpoints: [],
    };
    await journal.create(job);
    const of = state === "running" ? 320 : steps;
    for (let step = 1; step <= steps; step += 1) {
      const loss = 0.4 + 2 * Math.exp(-step / 60) + 0.08 * Math.sin(step * 1.7);
      const at = now - 1_000 * (steps - step);
      const event = { type: "step", at, step, of, loss, timeLeftMs: (of - step) * 1_000 } as const;
      await journal.advance(id, ["running"], { step, steps: of }, event);
    }
    if (isEnded) {
      const checkpoints = [steps / 2, steps].map((step) => ({
        step,
        metrics: { "train/loss": 0.4 },
        model: modelOf(name, id, step),
      }));
      await journal.advance(id, ["running"], { state, checkpoints }, { type: "ended", at: now });
    }
    if (state === "failed") {
      const reason = "out of memory at step 12";
      await journal.advance(id, ["running"], { state, reason }, { type: "failed", at: now, reason });
    }
  }
  const examples = Array.from({ length: 7 }, (_, at) => exampleOf(at + 1));
  await journal.addEvaluation({
    id: "e1",
    report: reportOf(now - 70 * MINUTE_MS, modelOf("npc", "cc33", 240), false),
    examples: [],
  });
  await journal.addEvaluation({
    id: "e2",
    report: reportOf(now - 60 * MINUTE_MS, modelOf("npc", "cc33", 480), true),
    examples,
  });
  await sample.tuning.promote(
    { name: "guard", provider: "wandb", model: modelOf("guard", "aa11", 60), baseModel: BASE, datasetSha256: DATASET },
    { actor: "ben", force: "a sample", agents: ["guard-1", "guard-2"] },
  );
  const experiments: SystemSettings["experiments"] = {
    "canary-npc": {
      state: "paused",
      unit: "agent",
      arms: [
        { id: "control", weight: 9_500 },
        { id: "tuned", weight: 500, provider: "wandb", model: modelOf("npc", "cc33", 240) },
      ],
      metric: "failure",
      direction: "down",
    },
  };
  await settings.update({ experiments }, { actor: "ben" });
  return sample;
}
