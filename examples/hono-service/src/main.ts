import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import { serve } from "@hono/node-server";
import { createApp } from "./create-app.ts";

const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);
const llm = await createBabylonLLM({ env, settings: {} });

const server = serve(
  { fetch: createApp(llm).fetch, hostname: "127.0.0.1", port: Number(process.env.PORT ?? 8787) },
  ({ port }) => {
    console.log(`Listening on http://127.0.0.1:${port} until Ctrl-C. In another terminal:`);
    console.log(`curl http://127.0.0.1:${port}/ask -d '{"prompt":"Name a ship."}'`);
  },
);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(async () => {
      // Calls in flight have been answered by now.
      await llm.close();
      await close();
      console.log("Closed.");
    });
  });
}
