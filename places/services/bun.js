import { createBabylonLLM } from "@babylon/llm";
import { createApp } from "./create-app.js";

const llm = await createBabylonLLM();
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: createApp(llm) });
console.log(server.url.href);
process.once("SIGTERM", async () => {
  await server.stop();
  await llm.close();
});
