import type { ExperimentSettings, SystemSettings } from "@babylon/llm-core";
import { AdminError } from "../http/admin-error.ts";

/** An experiment of some settings. Throws `unknown_experiment`. */
export function experimentIn({ experiments = {} }: SystemSettings, id: string): ExperimentSettings {
  const found = Object.hasOwn(experiments, id) ? experiments[id] : undefined;
  if (found === undefined) throw new AdminError("unknown_experiment", "there is no such experiment in the settings");
  return found;
}
