import { invalidInput } from "@babylon/llm-core";
import type { DatasetOptions } from "./dataset-options.ts";

/** Throws `invalid_input` that names the option. */
export function checkDatasetOptions({ allowSources, split, dedupe, limits = {} }: DatasetOptions): void {
  const isList = Array.isArray(allowSources) && allowSources.every((id) => typeof id === "string" && id !== "");
  if (!isList || allowSources.length === 0) {
    throw invalidInput("allowSources", "the ids of the providers whose answers may be trained on");
  }
  if (split !== undefined && !(split.test >= 0 && split.test < 1)) {
    throw invalidInput("split.test", "a share from 0 to below 1");
  }
  if (split !== undefined && (typeof split.seed !== "string" || split.seed === "")) {
    throw invalidInput("split.seed", "a text that is not empty");
  }
  if (dedupe !== undefined && !["prompt", "example", "none"].includes(dedupe)) {
    throw invalidInput("dedupe", '"prompt", "example" or "none"');
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1)) {
      throw invalidInput(`limits.${name}`, "a whole number, 1 or more");
    }
  }
}
