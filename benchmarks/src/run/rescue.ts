/**
 * Prints the time after the first-token limit until the second provider served a call whose first provider was silent, in milliseconds:
 * the maximum of 20 calls. Arguments: the mock's URL, the limit.
 */
import { KEY, PROMPT } from "../contestants/contestant.ts";
import { loadBabylon } from "../contestants/load-babylon.ts";

const [, , url, limit] = process.argv;
const firstTokenMs = Number(limit);
const { createBabylonLLM } = await loadBabylon();
const llm = await createBabylonLLM({
  env: { WANDB_API_KEY: KEY, WANDB_BASE_URL: `${url}/silent/v1`, GROQ_API_KEY: KEY, GROQ_BASE_URL: `${url}/first/v1` },
  settings: {},
  timeouts: { firstTokenMs },
  retry: { maxRetries: 0 },
  breaker: { consecutiveFailures: 1e9, minimumCalls: 1e9 },
});
// Loads the SDK.
await llm.generateText({ prompt: PROMPT, provider: "groq", timeouts: { firstTokenMs: 10_000 } });
let worst = 0;
for (let call = 0; call < 20; call += 1) {
  const start = performance.now();
  const { attempts } = await llm.generateText({ prompt: PROMPT });
  worst = Math.max(worst, performance.now() - start - firstTokenMs);
  if (attempts.length !== 2) throw new Error("no fallback was made");
}
process.stdout.write(String(worst));
process.exit();
