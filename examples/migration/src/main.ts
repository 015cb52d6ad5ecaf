import { BabylonLLMClient, createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";

const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);
const llm = await createBabylonLLM({ env, settings: "memory://" });

const prompt = "The ferry is late. Buy or sell shares of the ferry line?";
const schema = { required: ["action", "reason"], properties: { action: { enum: ["buy", "sell"] } } };

// Before: the older class. It now falls back if a provider fails, and uses the stored settings.
const client = new BabylonLLMClient(undefined, undefined, undefined, { env, settings: llm.settings });
const before = await client.generateJSON<{ action: string; reason: string }>(prompt, schema, { temperature: 0.7 });
console.log(
  `Before: ${before.action}; ${client.getProvider()} would answer the next call, ${client.getStats().calls} so far`,
);
await client.setWandbModel("openai/gpt-oss-120b");
console.log(`Before: the model for W&B is ${client.getWandbModel()} now`);
await client.close();

// After: the same call. The answer is validated and typed by the schema, and the result has provider and model.
const { object, provider, model, attempts } = await llm.generateObject({
  prompt,
  schema: {
    jsonSchema: { type: "object", ...schema, properties: { ...schema.properties, reason: { type: "string" } } },
    validate: (value) => (isDecision(value) ? { value } : { issues: [{ message: "expected action and reason" }] }),
  },
  temperature: 0.7,
});
console.log(`After: ${object.action}; ${provider} answered with ${model} at attempt ${attempts.length}`);

// setWandbModel(model) is a patch of the settings; the history has author and reason.
await llm.settings.update(
  { providers: { wandb: { model: null } } },
  { actor: "migration", reason: "back to the default" },
);
const [change] = await llm.settings.history();
console.log(`After: version ${change?.version} of the settings by ${change?.by}: ${change?.reason}`);

await llm.close();
await close();

function isDecision(value: unknown): value is { action: "buy" | "sell"; reason: string } {
  if (typeof value !== "object" || value === null || !("action" in value) || !("reason" in value)) return false;
  return (value.action === "buy" || value.action === "sell") && typeof value.reason === "string";
}
