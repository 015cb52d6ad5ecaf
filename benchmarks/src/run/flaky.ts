/** Prints the number of failed calls, with servers that fail one request in twenty. Arguments: the mock's URL, the number of calls. */
import { KEY, PROMPT } from "../contestants/contestant.ts";
import { loadBabylon } from "../contestants/load-babylon.ts";
import { ANSWER } from "../mock/wire.ts";

const [, , url, count] = process.argv;
const base = `${url}/flaky/v1`;
const { createBabylonLLM } = await loadBabylon();
const llm = await createBabylonLLM({
  env: {
    WANDB_API_KEY: KEY,
    WANDB_BASE_URL: base,
    GROQ_API_KEY: KEY,
    GROQ_BASE_URL: base,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: base,
  },
  settings: {},
});
const call = async (): Promise<boolean> =>
  (await llm.generateText({ prompt: PROMPT, transport: "json" })).text === ANSWER;
const results = await Promise.allSettled(Array.from({ length: Number(count) }, call));
process.stdout.write(String(results.filter((result) => result.status === "rejected" || !result.value).length));
await llm.close();
