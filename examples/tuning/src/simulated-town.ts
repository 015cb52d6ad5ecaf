import {
  type ProviderSimulator,
  startProviderSimulator,
  startTuningSimulator,
  type TuningSimulator,
} from "@babylon/llm-testing";

/** W&B's training, and the four providers. */
export interface SimulatedTown extends AsyncDisposable {
  readonly training: TuningSimulator;
  readonly providers: ProviderSimulator;
  /** What the training would do: from now on this model answers with an order, without being asked for its form. */
  teach(model: string): void;
}

const ORDER = '{"action":"hold","question":"goat","side":"no","shares":0,"reason":"I wait for the ferry."}';

/** Whether an answer is an order of the game. */
export function isOrder(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["action", "question", "side", "shares", "reason"].every((field) => field in value);
}

/** Starts the simulators. They do not learn: what a trained model answers is scripted. */
export async function startSimulatedTown(): Promise<SimulatedTown> {
  const training = await startTuningSimulator();
  const providers = await startProviderSimulator({ adapters: (model) => training.isServed(model) });
  return {
    training,
    providers,
    teach: (model) => providers.setFault("wandb", { kind: "answer", text: ORDER }, { model }),
    async [Symbol.asyncDispose]() {
      await providers.close();
      await training.close();
    },
  };
}
