// The same packages from CommonJS: Node loads ES modules by require() as long as none of them awaits at its top level.
const assert = require("node:assert/strict");

async function main() {
  const { createBabylonLLM } = require("@babylon/llm");
  for (const name of [
    "llm-core",
    "provider-kit",
    "provider-openai-compatible",
    "settings-store",
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
