import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";

const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);

// Fixed settings: nothing is stored. Without this option they are in ./data/babylon.db and can be changed while the service runs.
const llm = await createBabylonLLM({ env, settings: {} });

const { links } = await llm.plan();
console.log(`Chain: ${links.map(({ provider, model }) => `${provider} (${model})`).join(" -> ")}`);

const result = await llm.generateText({
  system: "Answer in one sentence.",
  prompt: "Why do lighthouses blink?",
  maxOutputTokens: 200,
  timeouts: { totalMs: 30_000 },
});
console.log(result.text);
console.log(`${result.provider}, ${result.attempts.length} attempt(s), ${result.totalUsage.outputTokens} tokens`);

await llm.close();
await close();
