// The same packages from CommonJS: require() of ES modules works if none of them has a top-level await.
const assert = require("node:assert/strict");

async function main() {
  const { createBabylonLLM } = require("@babylon/llm");
  for (const name of [
    "llm-core",
    "provider-kit",
    "provider-openai-compatible",
    "settings-store",
    "telemetry",
    "admin-api",
    "llm-testing",
  ]) {
    assert.ok(Object.keys(require(`@babylon/${name}`)).length > 0, name);
  }
  const env = Object.fromEntries(
    ["WANDB", "GROQ", "ANTHROPIC", "OPENAI"].map((name) => [`${name}_API_KEY`, "k-123456789"]),
  );
  const llm = await createBabylonLLM({ env, settings: {} });
  const { links } = await llm.plan();
  assert.equal(links.map(({ provider }) => provider).join(), "wandb,groq,claude,openai");
  await llm.close();
}

main();
