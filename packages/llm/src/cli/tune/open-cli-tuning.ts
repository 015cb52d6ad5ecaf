import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Experiments } from "@babylon/experiments";
import { isRecord, type LLMClient, readEnv } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import type { EvaluationReport, JournalJob, Tuning, TuningJournal } from "@babylon/tuning";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { CommandContext } from "../command-context.ts";

/** What a command uses besides trainer and journal. */
export interface TuningNeeds {
  readonly settings?: SettingsStore | undefined;
  readonly llm?: LLMClient | undefined;
  readonly experiments?: Experiments | undefined;
}

/** A tuning with its journal, which the caller closes. */
export interface CliTuning {
  readonly tuning: Tuning;
  readonly journal: TuningJournal;
}

/**
 * Opens the journal and W&B: `--entity`, `--project` or their variables, and the key of `WANDB_API_KEY`. `WANDB_TRAINING_URL` and
 * `WANDB_ARTIFACTS_URL` are other addresses.
 *
 * @throws UsageError
 */
export async function openCliTuning(context: CommandContext, needs: TuningNeeds = {}): Promise<CliTuning> {
  const { flags, host } = context;
  const { env } = context.environment;
  const { createTuning, existing, wandbArtifacts, wandbTrainer } = await import("@babylon/tuning");
  const vendor = { ...readVendor(context), clock: host.clock };
  const dataURL = textFlag(flags, "data-url");
  const artifacts =
    dataURL === undefined
      ? wandbArtifacts({ ...vendor, baseURL: readEnv(env, "WANDB_ARTIFACTS_URL") })
      : existing(dataURL);
  const trainer = wandbTrainer({ ...vendor, baseURL: readEnv(env, "WANDB_TRAINING_URL") });
  const journal = await openCliJournal(context);
  const dataFolder = resolve(host.cwd, "data/tuning");
  return { tuning: createTuning({ trainer, artifacts, journal, dataFolder, clock: host.clock, ...needs }), journal };
}

/** The journal of `--journal`, else of `BABYLON_TUNING_URL`, else `./data/tuning.db`. */
export async function openCliJournal({ flags, host, environment }: CommandContext): Promise<TuningJournal> {
  const { openTuningJournal } = await import("@babylon/tuning");
  // A path in a URL is percent-decoded.
  const file = resolve(host.cwd, "data/tuning.db").replaceAll("%", "%25").replaceAll("?", "%3F");
  const url = textFlag(flags, "journal") ?? readEnv(environment.env, "BABYLON_TUNING_URL") ?? `sqlite://${file}`;
  return openTuningJournal({ url, clock: host.clock });
}

/** Team, project and key. All that are missing are named at once. */
function readVendor({ flags, environment: { env } }: CommandContext) {
  const entity = textFlag(flags, "entity") ?? readEnv(env, "WANDB_ENTITY") ?? "";
  const project = textFlag(flags, "project") ?? readEnv(env, "WANDB_PROJECT") ?? "";
  const apiKey = readEnv(env, "WANDB_API_KEY") ?? "";
  const missing = [
    ...(entity === "" ? ["--entity or WANDB_ENTITY"] : []),
    ...(project === "" ? ["--project or WANDB_PROJECT"] : []),
    ...(apiKey === "" ? ["WANDB_API_KEY"] : []),
  ];
  if (missing.length > 0) throw new UsageError(`set ${missing.join(", and ")}`);
  return { entity, project, apiKey };
}

/**
 * The job of the operand, else the newest one.
 *
 * @throws UsageError
 */
export async function chosenJob(journal: TuningJournal, [id]: readonly string[]): Promise<JournalJob> {
  const jobs = await journal.jobs();
  const found = id === undefined ? jobs[0] : jobs.find((job) => job.id === id);
  if (found !== undefined) return found;
  throw new UsageError(id === undefined ? "the journal has no jobs: tune start" : `the journal has no job "${id}"`);
}

/** Where the evaluation of a job is written. */
export const evaluationFile = ({ folder, id }: JournalJob): string => join(folder, `evaluation-${id}.json`);

/** The evaluation of a job that was written before; `undefined`: there is none. */
export async function readEvaluation(job: JournalJob): Promise<EvaluationReport | undefined> {
  const text = await readFile(evaluationFile(job), "utf8").catch(() => null);
  const report: unknown = text === null ? undefined : JSON.parse(text);
  // `tune evaluate` has written it; what decides is checked when it is used.
  return isRecord(report) && isRecord(report.candidate) ? (report as unknown as EvaluationReport) : undefined;
}
