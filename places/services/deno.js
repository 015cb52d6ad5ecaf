import process from "node:process";
import { createBabylonLLM } from "@babylon/llm";
import { createApp } from "./create-app.js";

const llm = await createBabylonLLM();
const onListen = ({ port }) => console.log(`http://127.0.0.1:${port}`);
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, createApp(llm));
process.once("SIGTERM", async () => {
  await server.shutdown();
  await llm.close();
});
