import { type Clock, EMPTY_SETTINGS, type LLMClient } from "@babylon/llm-core";
import {
  createTuning,
  type DatasetReport,
  type EvaluatedExample,
  type EvaluationReport,
  existing,
  type JournalJob,
  openTuningJournal,
  type Trainer,
  type Tuning,
  type TuningError,
  type TuningJournal,
} from "@babylon/tuning";
import { type MemorySettings, memorySettings } from "./memory-settings.ts";
import { type StartedAdmin, type StartOptions, startAdmin } from "./start-admin.ts";

export const CANARY = "canary-of-the-content";
export const MODEL = "wandb-artifact:///team/games/npc-j1:step40";
const FACTS = { lines: 40, bytes: 4_000, sha256: "a".repeat(64), md5: "x" };
const NONE = { pairs: 0, candidate: null, baseline: null, difference: null, interval: null };

const DATASET: DatasetReport = {
  seen: 60,
  kept: 50,
  dropped: {
    failed: 4,
    stitched: 0,
    "no-content": 0,
    source: 0,
    filtered: 0,
    media: 0,
    empty: 0,
    "invalid-tool-call": 0,
    "too-long": 0,
    "unknown-tokens": 0,
    "not-judged": 0,
    rejected: 0,
    secret: 1,
    duplicate: 5,
    "over-limit": 0,
  },
  masked: { email: 3 },
  sources: { groq: 50 },
  groups: { train: 8, test: 2 },
  tokens: 9_000,
  allowSources: ["groq"],
  split: { test: 0.2, seed: "s" },
  train: FACTS,
  test: { ...FACTS, lines: 10, sha256: "b".repeat(64) },
};

const JOB: JournalJob = {
  id: "j1",
  state: "ended",
  name: "npc",
  trainer: "wandb",
  baseModel: "meta-llama/Llama-3.1-8B-Instruct",
  config: { epochs: 2, extra: { note: CANARY } },
  folder: "/data/npc",
  datasetSha256: FACTS.sha256,
  examples: 40,
  createdAtEpochMs: 1_000,
  modelId: "m1",
  dataURL: "wandb-artifact:///team/games/data:v0",
  jobId: "v1",
  cursor: "c",
  step: 40,
  steps: 40,
  reason: null,
  checkpoints: [
    { step: 20, metrics: {}, model: MODEL.replace("40", "20") },
    { step: 40, metrics: {}, model: MODEL },
  ],
};

const EXAMPLE: EvaluatedExample = {
  number: 1,
  prompt: [{ role: "user", text: CANARY }],
  expected: CANARY,
  candidate: CANARY,
  baseline: null,
  scores: { exact: [1, 0] },
};

/** An evaluation of {@link MODEL}. */
export const reportOf = (verdict: EvaluationReport["verdict"]): EvaluationReport => ({
  atEpochMs: 2_000,
  candidate: { provider: "wandb", model: MODEL },
  baseline: "current",
  pairs: 50,
  scores: { exact: { pairs: 50, candidate: 0.9, baseline: 0.4, difference: 0.5, interval: [0.4, 0.6] } },
  failures: { candidate: 0, baseline: 1 },
  latencyMs: NONE,
  costUsd: NONE,
  verdict,
  why: "exact +50.0 points",
});

/** A handler over a real tuning, whose trainer does nothing but start jobs. */
export interface StartedTuning {
  readonly admin: StartedAdmin;
  readonly tuning: Tuning;
  readonly journal: TuningJournal;
  readonly settings: MemorySettings;
  /** Jobs that were started at the vendor. */
  readonly started: readonly string[];
  /** Thrown by the next start; `null`: it succeeds. */
  refuse: TuningError | null;
}

/** A journal with a dataset, four jobs and two evaluations. */
export async function startTuning(options: StartOptions = {}): Promise<StartedTuning> {
  const settings = memorySettings(options.initial ?? EMPTY_SETTINGS);
  const journal = openTuningJournal({ url: "sqlite://:memory:" });
  const started: string[] = [];
  const trainer: Trainer = {
    id: "wandb",
    baseModels: async () => null,
    createModel: async () => ({ modelId: "m" }),
    async startJob({ name }) {
      if (result.refuse !== null) throw result.refuse;
      started.push(name);
      return { jobId: "v9" };
    },
    events: async () => [],
    checkpoints: async () => [],
  };
  const parts: { llm?: LLMClient; clock?: Clock } = {};
  const tuning = createTuning({
    trainer,
    artifacts: existing("wandb-artifact:///team/games/data:v0"),
    journal,
    settings,
    llm: { generateText: (request) => (parts.llm ?? admin.llm).generateText(request) },
  });
  const admin = startAdmin({ ...options, settings, tuning });
  const result: StartedTuning & { refuse: TuningError | null } = {
    admin,
    tuning,
    journal,
    settings,
    started,
    refuse: null,
  };
  await journal.addDataset({ folder: "/data/npc", atEpochMs: 1, report: DATASET });
  for (const [id, state] of [
    ["j1", "ended"],
    ["j2", "start_unknown"],
    ["j3", "running"],
    ["j4", "failed"],
  ] as const) {
    const isEnded = state === "ended";
    await journal.create({
      ...JOB,
      id,
      state: state === "failed" ? "running" : state,
      jobId: state === "start_unknown" ? null : JOB.jobId,
      step: isEnded ? 40 : 0,
      checkpoints: isEnded ? JOB.checkpoints : [],
    });
  }
  for (let step = 1; step <= 5; step += 1) {
    const event = { type: "step", at: step, step, of: 40, loss: 2 / step, timeLeftMs: 1_000 } as const;
    await journal.advance("j3", ["running"], { step, steps: 40 }, event);
  }
  const failed = { type: "failed", at: 1, reason: `out of memory ${"x".repeat(5_000)}` } as const;
  await journal.advance("j4", ["running"], { state: "failed", reason: failed.reason }, failed);
  await journal.addEvaluation({ id: "e1", report: reportOf("better"), examples: [EXAMPLE] });
  await journal.addEvaluation({ id: "e2", report: reportOf("undecided"), examples: [] });
  return result;
}
