import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import { createAskHandler } from "./lib/create-ask-handler.ts";

// What the router does with src/app/api/ask/route.ts, without Next.js: a request goes in, a response comes out.
const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);
const llm = await createBabylonLLM({ env, settings: {} });
const post = createAskHandler(async () => llm);

const body = JSON.stringify({ prompt: "Why do lighthouses blink?" });
const response = await post(new Request("http://localhost:3000/api/ask", { method: "POST", body }));
console.log(`${response.status} ${response.headers.get("content-type")}`);
console.log(await response.text());

await llm.close();
await close();
