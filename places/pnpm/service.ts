// Without type annotations: inferred types are in the declarations, so this application must be able to import each of them.
import { claude, createBabylonLLM, createLLMClient, groq, openaiCompatible } from "@babylon/llm";
import { createSettingsStore } from "@babylon/llm/settings";
import { createBabylonLLM as createWithoutStores } from "@babylon/llm/without-stores";

export const llm = await createBabylonLLM({ env: { GROQ_API_KEY: "unused-key" }, settings: "memory://" });
export const fixed = await createBabylonLLM({ settings: { order: ["groq"] } });
export const store = await createSettingsStore({ url: "memory://" });
export const small = await createWithoutStores({ settings: store });
export const providers = [
  claude(),
  groq(),
  openaiCompatible({ id: "own", name: "Own", model: "a-model", baseURL: "http://127.0.0.1:1/v1" }),
];
export const client = createLLMClient({ providers });

export const plan = () => llm.plan();
export const ask = (prompt: string) => llm.generateText({ prompt });
export const stream = (prompt: string) => llm.streamText({ prompt });
export const list = (prompt: string) =>
  llm.streamArray({ prompt, element: { jsonSchema: {}, validate: (value) => ({ value }) } });
export const history = () => llm.settings.history();
export const update = () => llm.settings.update({ order: ["groq"] }, { actor: "nobody" });
export const attempts = async (prompt: string) => (await ask(prompt)).attempts;
export const status = () => store.status();

console.log((await plan()).links.map(({ provider }) => provider).join());
for (const opened of [llm, fixed, small, client, store]) await opened.close();
