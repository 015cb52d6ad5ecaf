/** A process that shares what vendors say. For each line of its input it makes a call, and prints who answered and which links are ready. */
import { createInterface } from "node:readline";
import { openSharedState } from "@babylon/shared-state";
import { createBabylonLLM } from "../create-babylon-llm.ts";

const job: { env: Record<string, string>; state: string } = JSON.parse(process.argv[2] ?? "");
const { env } = job;
// Tests share their processors: an engine that is slow because of that is not away.
const state = await openSharedState({ url: job.state, timeoutMs: 10_000 });
const breaker = { consecutiveFailures: 1 };
const llm = await createBabylonLLM({ env, state, settings: {}, breaker, retry: { maxRetries: 0 } });

for await (const _ of createInterface({ input: process.stdin })) {
  const { provider } = await llm.generateText({ prompt: "x" });
  const ready = llm.peekPlan().links.map((link) => link.provider);
  process.stdout.write(`${JSON.stringify({ provider, ready })}\n`);
}
await llm.close();
await state.close();
