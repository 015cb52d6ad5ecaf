import type { TrainingConfig } from "../contract/trainer.ts";

/** Steps of an epoch. */
export const stepsPerEpoch = (examples: number, batchSize: number): number => Math.ceil(examples / batchSize);

/** The share of steps in which a linear schedule rises. */
const RISE = 0.05;
/** The share of the peak at which it ends. */
const END = 0.1;

/** The learning rate of each step of all epochs. Pure. */
export function learningRates(
  examples: number,
  batchSize: number,
  { epochs = 1, peakLearningRate, schedule = "linear" }: TrainingConfig & { readonly peakLearningRate: number },
): readonly number[] {
  const steps = stepsPerEpoch(examples, batchSize) * epochs;
  const rise = Math.max(1, Math.round(steps * RISE));
  return Array.from({ length: steps }, (_, index) => {
    if (schedule === "constant") return peakLearningRate;
    if (index < rise) return (peakLearningRate * (index + 1)) / rise;
    const share = steps - rise <= 1 ? 1 : (index - rise) / (steps - rise - 1);
    return peakLearningRate * (1 - (1 - END) * share);
  });
}
