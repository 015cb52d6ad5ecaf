import { type ConfigProblem, type Env, readEnv } from "@babylon/llm-core";

/** A team or a project, as W&B names them and a header can carry them. */
export const PROJECT_NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/;

/** What the factory was given of both. */
export interface ProjectOptions {
  readonly entity?: string | undefined;
  readonly project?: string | undefined;
}

/**
 * The value of `OpenAI-Project` at W&B, `team/project`, from the options or `WANDB_ENTITY` and `WANDB_PROJECT`. `null` without
 * both: usage then goes to the key's default team and the project `inference`.
 */
export function toProject(options: ProjectOptions, env: Env): string | null {
  const entity = options.entity ?? readEnv(env, "WANDB_ENTITY");
  const project = options.project ?? readEnv(env, "WANDB_PROJECT");
  return entity === undefined || project === undefined ? null : `${entity}/${project}`;
}

/** What is wrong with the two variables. */
export function projectProblems(env: Env): readonly ConfigProblem[] {
  return ["WANDB_ENTITY", "WANDB_PROJECT"].flatMap((path) => {
    const value = readEnv(env, path);
    return value === undefined || PROJECT_NAME.test(value)
      ? []
      : [{ path, expected: "a name of letters, digits, blanks, dots, hyphens and underscores" }];
  });
}
