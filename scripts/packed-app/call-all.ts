/** Plans with the four providers, calls each of them, streams and stores settings in a file. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type BabylonLLMOptions, createBabylonLLM } from "@babylon/llm";
import type { LLMError } from "@babylon/llm-core";
import { spawnProviderSimulator } from "@babylon/llm-testing";
import type { SettingsStore } from "@babylon/settings-store";

await using simulator = await spawnProviderSimulator({ seed: 7 });
const options: BabylonLLMOptions<undefined> = { env: { ...simulator.env }, retry: { maxRetries: 0 } };
const llm = await createBabylonLLM(options);

const { links, skipped } = await llm.plan();
assert.deepEqual(skipped, []);
assert.equal(links.map(({ provider }) => provider).join(), "wandb,groq,claude,openai");

for (const { provider } of links) {
  const result = await llm.generateText({ prompt: "Name a ship.", provider });
  assert.equal(result.provider, provider);
  assert.notEqual(result.text, "");
}

let streamed = "";
for await (const piece of llm.streamText({ prompt: "Name a lighthouse." }).textStream) streamed += piece;
assert.notEqual(streamed, "");

const { items } = await llm.generateArray({
  element: {
    jsonSchema: {
      type: "object",
      properties: { id: { type: "string" } },
      required: ["id"],
      additionalProperties: false,
    },
    validate: (value: unknown) => ({ value: value as { id: string } }),
  },
  prompt: "Two ships.",
  expected: { count: 2 },
});
assert.equal(items.length, 2);

const settings: SettingsStore = llm.settings;
await settings.update({ order: ["groq"] }, { actor: "a test", reason: "to see it followed" });
assert.equal((await llm.plan()).links[0]?.provider, "groq");
assert.ok(existsSync(resolve("data", "babylon.db")));

await simulator.setFault("groq", { kind: "status", status: 500 });
const rescued = await llm.generateText({ prompt: "Name a harbour." });
assert.deepEqual(
  rescued.attempts.map(({ provider }) => provider),
  ["groq", "wandb"],
);
await llm.close();

/** A type of a dependency of `@babylon/llm`, through its built declarations. */
export type Code = LLMError["code"];
