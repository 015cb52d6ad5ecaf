/** A process that shares a concurrency limit: it makes as many calls as there are slots, of one model, until it is killed. */
import { setTimeout as sleep } from "node:timers/promises";
import { openSharedState } from "@babylon/shared-state";
import { createBabylonLLM } from "../create-babylon-llm.ts";
import type { ConcurrencyJob } from "./shared-concurrency.ts";

const job: ConcurrencyJob = JSON.parse(process.argv[2] ?? "");
const { state: url, limit, model, name, env } = job;
// Ten processes share the processors of a test: an engine that is slow because of that is not away.
const state = await openSharedState({ url, timeoutMs: 10_000 });
const llm = await createBabylonLLM({
  env,
  state,
  settings: {},
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
