// Compiled with `module: node20`, where CommonJS may import modules.
import { type BabylonLLM, createBabylonLLM } from "@babylon/llm";

const links = async (llm: BabylonLLM): Promise<string> =>
  (await llm.plan()).links.map(({ provider }) => provider).join();

createBabylonLLM({ env: { GROQ_API_KEY: "unused-key" }, settings: "memory://" }).then(async (llm) => {
  console.log(await links(llm));
  await llm.close();
});
