import type { BreakerOptions } from "@babylon/llm-core";
import { type Contestant, KEY, PROMPT, type Target } from "./contestant.ts";
import { loadBabylon } from "./load-babylon.ts";

/** Counts failures but never opens, so that every round of failing calls uses the failing link. */
const NEVER_OPEN: BreakerOptions = { consecutiveFailures: 1e9, minimumCalls: 1e9 };

/** The whole chain of four providers: settings, plan, breaker, limiter and a recorder, with limits off as for the peers. */
async function babylon({ url, nextURL }: Target, served: "openai" | "claude"): Promise<Contestant> {
  const seen = { records: 0 };
  const { createBabylonLLM } = await loadBabylon();
  const llm = await createBabylonLLM({
    env: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: KEY,
      ANTHROPIC_BASE_URL: url,
      GROQ_API_KEY: KEY,
      GROQ_BASE_URL: `${nextURL ?? url}/v1`,
      WANDB_API_KEY: KEY,
      WANDB_BASE_URL: `${nextURL ?? url}/v1`,
    },
    settings: { order: [served, "wandb", "groq"] },
    maxConcurrency: Number.POSITIVE_INFINITY,
    retry: { maxRetries: 0 },
    breaker: NEVER_OPEN,
    recorders: [
      () => {
        seen.records += 1;
      },
    ],
  });
  return {
    json: async () => (await llm.generateText({ prompt: PROMPT, transport: "json" })).text,
    stream: () => llm.streamText({ prompt: PROMPT }).textStream,
  };
}

export const babylonOpenAI = (target: Target): Promise<Contestant> => babylon(target, "openai");
export const babylonClaude = (target: Target): Promise<Contestant> => babylon(target, "claude");
