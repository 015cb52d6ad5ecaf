/**
 * Another process of the same service: one call for each line on standard input, one line of JSON for each answer. It shares
 * nothing with the dashboard but the settings store.
 */
import { createInterface } from "node:readline";
import { createBabylonLLM } from "@babylon/llm";
import { isLLMError } from "@babylon/llm-core";

const llm = await createBabylonLLM();
console.log(JSON.stringify({ ready: true }));
for await (const prompt of createInterface({ input: process.stdin })) {
  try {
    const { provider, model, settingsVersion } = await llm.generateText({ prompt, maxOutputTokens: 256 });
    console.log(JSON.stringify({ provider, model, settingsVersion }));
  } catch (thrown) {
    console.log(JSON.stringify({ error: isLLMError(thrown) ? thrown.code : "unknown" }));
  }
}
await llm.close();
