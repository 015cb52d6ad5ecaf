import { type ConfigProblem, type Env, readEnv } from "@babylon/llm-core";

/** Matches the name of a team or a project that is valid at W&B and in a header. */
export const PROJECT_NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/;

/** The factory options for team and project. */
export interface ProjectOptions {
  readonly entity?: string | undefined;
  readonly project?: string | undefined;
}

/**
 * The value of W&B's `OpenAI-Project` header, `team/project`, from the options or `WANDB_ENTITY` and `WANDB_PROJECT`. `null` if either is
 * missing: usage is then attributed to the key's default team and the project `inference`.
 */
export function toProject(options: ProjectOptions, env: Env): string | null {
  const entity = options.entity ?? readEnv(env, "WANDB_ENTITY");
  const project = options.project ?? readEnv(env, "WANDB_PROJECT");
  return entity === undefined || project === undefined ? null : `${entity}/${project}`;
}

/** Checks the two variables. */
export function projectProblems(env: Env): readonly ConfigProblem[] {
  return ["WANDB_ENTITY", "WANDB_PROJECT"].flatMap((path) => {
    const value = readEnv(env, path);
    return value === undefined || PROJECT_NAME.test(value)
      ? []
      : [{ path, expected: "a name of letters, digits, blanks, dots, hyphens and underscores" }];
  });
}
