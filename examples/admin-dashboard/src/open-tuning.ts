import type { BabylonLLM } from "@babylon/llm";
import { type Env, readEnv } from "@babylon/llm-core";
import { createTuning, openTuningJournal, type Tuning, wandbArtifacts, wandbTrainer } from "@babylon/tuning";

/** A tuning for the page, or why there is none. */
export interface OpenedTuning {
  /** `null`: the page Tuning is not shown. */
  readonly tuning: Tuning | null;
  /** For the output at the start. */
  readonly description: string;
  close(): Promise<void>;
}

/** Without one of them W&B cannot be asked. */
const REQUIRED = ["WANDB_API_KEY", "WANDB_ENTITY", "WANDB_PROJECT"] as const;

/**
 * Opens a tuning at W&B by the variables of `babylon-llm tune`: key, team and project, the journal `BABYLON_TUNING_URL`, else `./data/tuning.db`, and
 * `WANDB_TRAINING_URL` and `WANDB_ARTIFACTS_URL` for other addresses.
 */
export function openTuning(llm: BabylonLLM, env: Env): OpenedTuning {
  const missing = REQUIRED.filter((name) => readEnv(env, name) === undefined);
  if (missing.length > 0) {
    return { tuning: null, description: `not shown: set ${missing.join(", ")}`, close: async () => {} };
  }
  const [apiKey = "", entity = "", project = ""] = REQUIRED.map((name) => readEnv(env, name));
  const vendor = { apiKey, entity, project };
  const url = readEnv(env, "BABYLON_TUNING_URL") ?? "sqlite://./data/tuning.db";
  const journal = openTuningJournal({ url });
  const tuning = createTuning({
    trainer: wandbTrainer({ ...vendor, baseURL: readEnv(env, "WANDB_TRAINING_URL") }),
    artifacts: wandbArtifacts({ ...vendor, baseURL: readEnv(env, "WANDB_ARTIFACTS_URL") }),
    journal,
    settings: llm.settings,
    llm,
    experiments: llm.experiments,
  });
  return { tuning, description: `${entity}/${project} at W&B, journal ${url}`, close: () => journal.close() };
}
