import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@babylon/storage";
import type { ArtifactStore } from "../contract/artifact-store.ts";
import { TuningError } from "../contract/tuning-error.ts";

/** Options of {@link directory}. */
export interface DirectoryOptions {
  /** Where files are written to. */
  readonly folder: string;
  /** `entity/project` at W&B, for the command. */
  readonly project?: string | undefined;
}

/**
 * Writes the file into a folder and stops there, with the command of W&B's own client in the message: the upload is up to you. Go on with
 * `existing(url)` and `resume()`.
 */
export function directory({ folder, project = "<entity>/<project>" }: DirectoryOptions): ArtifactStore {
  return {
    async put({ name, file }) {
      const target = join(folder, name);
      makeFolder(target);
      await copyFile(file, join(target, "train.jsonl"));
      const command = `wandb artifact put --type dataset --name ${project}/${name} ${target}`;
      throw new TuningError(
        "refused",
        `the examples are in ${target}. Upload them: ${command}. Then resume with the URL of the version, such as wandb-artifact:///${project}/${name}:v0`,
      );
    },
  };
}
