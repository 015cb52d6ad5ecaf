import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import { createAskHandler } from "./lib/create-ask-handler.ts";

// Calls src/app/api/ask/route.ts with a request, as the router of Next.js does, without Next.js.
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
