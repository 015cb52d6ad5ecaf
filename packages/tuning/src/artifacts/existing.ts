import { invalidInput } from "@babylon/llm-core";
import type { ArtifactStore } from "../contract/artifact-store.ts";

/** Data that is uploaded already. Throws `invalid_input` for an alias that moves, such as `:latest`. */
export function existing(url: string): ArtifactStore {
  if (typeof url !== "string" || url === "") throw invalidInput("url", "the URL of the uploaded examples");
  if (url.startsWith("wandb-artifact:") && !/^wandb-artifact:\/\/\/[\w.-]+\/[\w.-]+\/[\w.-]+:v\d+$/.test(url)) {
    throw invalidInput("url", "wandb-artifact:///entity/project/name:v0, with a version and not an alias");
  }
  return { put: async () => ({ dataURL: url }) };
}
