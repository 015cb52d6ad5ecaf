// Compiled with `module: node16`, where CommonJS may import modules by `import()` alone.
import type { BabylonLLM } from "@babylon/llm" with { "resolution-mode": "import" };

const links = async (llm: BabylonLLM): Promise<string> =>
  (await llm.plan()).links.map(({ provider }) => provider).join();

async function main(): Promise<void> {
  const { createBabylonLLM } = await import("@babylon/llm");
  const llm = await createBabylonLLM({ env: { GROQ_API_KEY: "unused-key" }, settings: "memory://" });
  console.log(await links(llm));
  await llm.close();
}

main();
