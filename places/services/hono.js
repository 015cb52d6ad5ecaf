import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { createBabylonLLM } from "@babylon/llm";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const llm = await createBabylonLLM();
const authorize = authorizeBearer(process.env.ADMIN_TOKEN ?? "");
const admin = createAdminHandler({ llm, settings: llm.settings, authorize });

/** What a route asks for; the call ends when the client leaves. */
async function callOf({ req }) {
  const { prompt } = await req.json();
  return { prompt, abortSignal: req.raw.signal };
}

const app = new Hono();
app.post("/api/ask", async (context) => {
  const { text, provider } = await llm.generateText(await callOf(context));
  return context.json({ text, provider });
});
app.post("/api/chat", async (context) => llm.streamText(await callOf(context)).toTextResponse());
app.post("/api/events", async (context) => llm.streamText(await callOf(context)).toEventStreamResponse());
app.all("/api/admin/*", ({ req }) => admin(req.raw));

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
);
process.once("SIGTERM", () => server.close(() => llm.close()));
