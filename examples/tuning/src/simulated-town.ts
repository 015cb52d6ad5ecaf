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
}

/** What a good answer is in this example: the teacher gives it, and the trained model. */
export const GOOD_ANSWER = '{"mood":"calm"}';

/** Starts simulators in which one model is a good teacher, and the model of the chain is not. A simulator does not learn: its answers are scripted. */
export async function startSimulatedTown(): Promise<SimulatedTown> {
  const training = await startTuningSimulator();
  const providers = await startProviderSimulator({ adapters: (model) => training.isServed(model) });
  providers.setFault("groq", { kind: "answer", text: GOOD_ANSWER });
  return {
    training,
    providers,
    async [Symbol.asyncDispose]() {
      await providers.close();
      await training.close();
    },
  };
}
