import { promotion } from "@babylon/experiments/contract";
import { isLLMError, type SystemSettings } from "@babylon/llm-core";
import type { ExperimentAction, SettingsPatch } from "../contract.ts";
import { invalidBody } from "../http/invalid-body.ts";
import { experimentIn } from "./experiment-in.ts";

/** The change of an action. Throws `unknown_experiment`, and `invalid_body` for an arm that cannot win. */
export function actionPatch(settings: SystemSettings, id: string, { action, arm }: ExperimentAction): SettingsPatch {
  const { arms } = experimentIn(settings, id);
  if (arm !== undefined && !arms.some((each) => each.id === arm)) {
    throw invalidBody([{ path: "arm", message: "expected an arm of the experiment" }]);
  }
  switch (action) {
    case "start":
      return { experiments: { [id]: { state: "running", winner: null } } };
    case "pause":
      return { experiments: { [id]: { state: "paused" } } };
    case "stop":
      return { experiments: { [id]: { state: "stopped", winner: arm ?? null } } };
    case "promote":
      return promoted(settings, id, arm ?? "");
  }
}

function promoted(settings: SystemSettings, id: string, arm: string): SettingsPatch {
  try {
    return promotion(settings, id, arm);
  } catch (thrown) {
    if (!isLLMError(thrown, "invalid_input")) throw thrown;
    throw invalidBody([{ path: "arm", message: thrown.message.replace(/^winner: /, "") }]);
  }
}
