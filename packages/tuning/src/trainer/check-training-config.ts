import { invalidInput } from "@babylon/llm-core";
import type { TrainingConfig } from "../contract/trainer.ts";

/** Throws `invalid_input` that names the option. */
export function checkTrainingConfig({
  epochs,
  batchSize,
  peakLearningRate,
  schedule,
  assistantTurns,
}: TrainingConfig): void {
  for (const [name, value] of Object.entries({ epochs, batchSize })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1 && value <= 10_000)) {
      throw invalidInput(`config.${name}`, "a whole number from 1 to 10,000");
    }
  }
  if (peakLearningRate !== undefined && !(peakLearningRate > 0 && peakLearningRate < 1)) {
    throw invalidInput("config.peakLearningRate", "a number above 0 and below 1");
  }
  if (schedule !== undefined && schedule !== "constant" && schedule !== "linear") {
    throw invalidInput("config.schedule", '"constant" or "linear"');
  }
  if (assistantTurns !== undefined && assistantTurns !== "all" && assistantTurns !== "last") {
    throw invalidInput("config.assistantTurns", '"all" or "last"');
  }
}
