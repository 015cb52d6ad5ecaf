import type { Provider } from "@babylon/llm-core";
import { checkFactoryOptions } from "@babylon/provider-kit/factory";
import { type CompatibleFactoryOptions, createModelTable, createProvider } from "@babylon/provider-openai-compatible";
import { baseTraitsOf, DEFAULT_MODEL, RETIRED, ROWS } from "./models.ts";
import { PROJECT_NAME, type ProjectOptions, projectProblems, toProject } from "./to-project.ts";

/** Options of {@link wandb}. */
export interface WandbOptions extends CompatibleFactoryOptions, ProjectOptions {
  /** The team to which usage is attributed. Default: `WANDB_ENTITY`. */
  readonly entity?: string | undefined;
  /** The project to which usage is attributed. Default: `WANDB_PROJECT`. */
  readonly project?: string | undefined;
}

const projectName = {
  expected: "a name of letters, digits, blanks, dots, hyphens and underscores",
  accepts: (value: unknown) => typeof value === "string" && PROJECT_NAME.test(value),
};

/**
 * Weights & Biases Inference (CoreWeave Serverless Inference): open models, and custom LoRA adapters by their artifact id
 * (`wandb-artifact:///team/project/name:v1`). Key `WANDB_API_KEY`, model `WANDB_MODEL`, base URL `WANDB_BASE_URL`.
 *
 * @throws LLMError `invalid_input` with the path of an option that is unknown or invalid
 */
export function wandb(options: WandbOptions = {}): Provider {
  checkFactoryOptions("wandb", options, { entity: projectName, project: projectName });
  return createProvider(
    {
      id: "wandb",
      name: "Weights & Biases",
      envKey: "WANDB_API_KEY",
      keyURL: "https://wandb.ai/authorize",
      envModel: "WANDB_MODEL",
      envBaseURL: "WANDB_BASE_URL",
      defaultBaseURL: "https://api.inference.wandb.ai/v1",
      defaultModel: DEFAULT_MODEL,
      retired: RETIRED,
      ...createModelTable(baseTraitsOf, ROWS),
      // W&B limits calls in flight per project and model; eight were observed to work (2026-09).
      maxConcurrency: 8,
      headers(env) {
        const project = toProject(options, env);
        return project === null ? {} : { "openai-project": project };
      },
      problems: projectProblems,
    },
    options,
  );
}
