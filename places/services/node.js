import { createServer } from "node:http";
import { toNodeHandler } from "@babylon/admin-api/node";
import { createBabylonLLM } from "@babylon/llm";
import { createApp } from "./create-app.js";

// No await at the top level: bundles of CommonJS have none.
async function main() {
  const llm = await createBabylonLLM();
  const server = createServer(toNodeHandler(createApp(llm)));
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
  process.once("SIGTERM", () => server.close(() => llm.close()));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
