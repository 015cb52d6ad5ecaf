import {
  type AttemptGate,
  type CallRecord,
  createLLMClient,
  type ExperimentSettings,
  type LLMClient,
} from "@babylon/llm-core";
import {
  createFakeClock,
  type FakeClock,
  fixedPricer,
  type MockProvider,
  type MockStep,
  mockProvider,
} from "@babylon/llm-testing";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { onTestFinished } from "vitest";
import { createExperiments } from "../create-experiments.ts";
import type { Experiments, ExperimentsOptions } from "../experiments.ts";
import type { ExperimentRows } from "../rows/experiment-rows.ts";
import { openExperimentRows } from "../rows/open-experiment-rows.ts";
import { twoArms } from "./simulate-experiment.ts";

/** A client in an experiment between its providers `a` and `wandb`. */
export interface StartedExperiments {
  readonly experiments: Experiments;
  readonly llm: LLMClient;
  readonly rows: ExperimentRows;
  readonly settings: SettingsStore;
  readonly clock: FakeClock;
  readonly providers: Readonly<Record<"a" | "wandb" | "dark", MockProvider>>;
  readonly logged: readonly string[];
}

/** What a test sets. */
export interface StartOptions extends Partial<Omit<ExperimentsOptions, "settings" | "clock">> {
  readonly experiment?: Partial<ExperimentSettings>;
  readonly steps?: Readonly<Partial<Record<"a" | "wandb" | "dark", readonly MockStep[] | (() => MockStep)>>>;
  readonly gates?: readonly AttemptGate[];
  readonly onRecord?: (record: CallRecord) => unknown;
  /** Runs before the experiments are created, which the metrics of a judge need. */
  readonly withClient?: (llm: LLMClient) => Partial<ExperimentsOptions>;
}

/** An agent in each arm of the experiment `npc-model`. */
export const IN_CONTROL = "npc-0";
export const IN_TUNED = "npc-1";

/** Starts a client, settings and experiments on a fake clock. Everything is closed when the test ends. */
export async function startExperiments(options: StartOptions = {}): Promise<StartedExperiments> {
  const { experiment = {}, steps = {}, withClient, rows: given, gates = [], onRecord, ...rest } = options;
  const clock = createFakeClock();
  const rows = given ?? (await openExperimentRows({ url: "memory://", clock }));
  const settings = await createSettingsStore({ url: "memory://", env: {}, clock });
  await settings.update({ experiments: { "npc-model": twoArms(experiment) } });
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const providers = {
    a: mockProvider({ id: "a", ...stepsOf(steps.a) }),
    wandb: mockProvider({ id: "wandb", ...stepsOf(steps.wandb) }),
    dark: mockProvider({ id: "dark", ...stepsOf(steps.dark) }),
  };
  const logger = { debug: log, info: log, warn: log, error: log };
  const shared = { providers: Object.values(providers), settings, clock, retry: { maxRetries: 0 } };
  const ofClient = withClient?.(createLLMClient(shared)) ?? {};
  const experiments = createExperiments({ rows, settings, clock, logger, random: () => 0.5, ...rest, ...ofClient });
  const llm = createLLMClient({
    ...shared,
    router: experiments.router,
    recorders: [experiments.recorder, (record) => void onRecord?.(record)],
    observers: [experiments.observer],
    pricer: fixedPricer(1_000_000),
    gates,
  });
  experiments.attach(llm);
  onTestFinished(async () => {
    await llm.close();
    await experiments.close();
    await settings.close();
    if (given === undefined) await rows.close();
  });
  return { experiments, llm, rows, settings, clock, providers, logged };
}

const stepsOf = (steps: readonly MockStep[] | (() => MockStep) | undefined) => (steps === undefined ? {} : { steps });

/** Lets the recorders of ended calls run. */
export const recorded = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
