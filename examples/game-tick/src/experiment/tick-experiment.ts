import type { CallRecord, ExperimentSettings } from "@babylon/llm-core";
import { hash } from "../tick/seeded.ts";

/** The id of the experiment of a tick. */
export const TICK_EXPERIMENT = "agent-model";

/** The number of agents of a tick with an experiment: enough that their difference is found. */
export const EXPERIMENT_AGENTS = 160;

/** Half of the agents get Groq first, the others the chain as it is. */
export const tickExperiment: ExperimentSettings = {
  state: "running",
  unit: "agent",
  arms: [
    { id: "chain", weight: 5_000 },
    { id: "groq-first", weight: 5_000, provider: "groq" },
  ],
  audience: { purposes: ["agents"] },
  metric: "accepted",
  direction: "up",
  guardrails: [{ metric: "failure", worseBy: 0.05 }],
  plannedUnits: EXPERIMENT_AGENTS,
};

/** The truth of the simulation: the share of a provider's answers that the game accepts. */
export const TRUE_QUALITY: Readonly<Record<string, number>> = { groq: 0.85, wandb: 0.45, claude: 0.45, openai: 0.45 };

/** Whether the game accepts the answer of a call; `null`: the call is not one of an agent, or has no answer. */
export function isAccepted({ callId, purpose, provider }: CallRecord, seed: number): boolean | null {
  if (purpose !== "agents" || provider === null) return null;
  // The id of a tick is different each time; what follows it is the agent and its call.
  const call = callId.slice(callId.indexOf("."));
  return hash(`${seed}/accepted${call}`) / 2 ** 32 < (TRUE_QUALITY[provider] ?? 0);
}
