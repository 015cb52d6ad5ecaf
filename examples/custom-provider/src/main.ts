import { createBabylonLLM, defaultProviders } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import { oracle } from "./oracle.ts";
import { startOracle } from "./start-oracle.ts";

const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);

const house = await startOracle();
const llm = await createBabylonLLM({
  env,
  settings: {},
  providers: [oracle({ baseURL: house.baseURL }), ...defaultProviders()],
  retry: { baseDelayMs: 50 },
});

const answer = await llm.generateText({ prompt: "Will it rain?" });
console.log(`${answer.provider}: ${answer.text}`);

// The next link of the chain serves the call.
await house.close();
console.log("The oracle has gone. The same question again, attempt by attempt:");
const rescued = await llm.generateText({ prompt: "Will it rain?" });
for (const { provider, error } of rescued.attempts) {
  console.log(`${provider}: ${error === undefined ? "answered" : `failed (${error.code})`}`);
}

await llm.close();
await close();
