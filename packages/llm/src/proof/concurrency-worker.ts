/** A process that shares a concurrency limit: it makes as many calls as there are slots, of one model, until it is killed. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger, SharedSlots } from "@babylon/llm-core";
import { openSharedState } from "@babylon/shared-state";
import { createBabylonLLM } from "../create-babylon-llm.ts";
import type { ConcurrencyJob } from "./shared-concurrency.ts";

const job: ConcurrencyJob = JSON.parse(process.argv[2] ?? "");
const { state: url, limit, model, name, env } = job;
// A process without an answer has only its share of the limit, or its own limit: the proof has to know when that was.
const sayAway = (): void => void process.stdout.write("away\n");
const logger: Logger = { debug() {}, info() {}, warn: sayAway, error: sayAway };
// Below the time that the client waits for an answer.
const state = await openSharedState({ url, timeoutMs: 150, logger });

/** The client goes on without a lease after 200 ms, and logs that once a minute only. */
const slots: SharedSlots = {
  async acquire(key, most, ttlMs) {
    const at = performance.now();
    try {
      return await state.slots.acquire(key, most, ttlMs);
    } finally {
      if (performance.now() - at > 190) sayAway();
    }
  },
};
const llm = await createBabylonLLM({
  env,
  state: { ...state, slots },
  settings: {},
  logger,
  sharedConcurrency: true,
  maxConcurrency: limit,
  retry: { maxRetries: 0 },
  timeouts: { firstTokenMs: 60_000, idleMs: 60_000, attemptMs: 60_000, totalMs: 60_000 },
});

async function callOn(): Promise<void> {
  for (;;) await llm.generateText({ prompt: name, provider: "wandb", models: { wandb: model } }).catch(() => sleep(50));
}

process.stdout.write("ready\n");
await Promise.all(Array.from({ length: limit }, callOn));
