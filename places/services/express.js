import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { toNodeHandler } from "@babylon/admin-api/node";
import { createBabylonLLM } from "@babylon/llm";
import express from "express";

const llm = await createBabylonLLM();
const authorize = authorizeBearer(process.env.ADMIN_TOKEN ?? "");

/** A route that answers a `Request` by a stream of text. */
const chat = toNodeHandler(async (request) => {
  const { prompt } = await request.json();
  return llm.streamText({ prompt, abortSignal: request.signal }).toTextResponse();
});
const events = toNodeHandler(async (request) => {
  const { prompt } = await request.json();
  return llm.streamText({ prompt, abortSignal: request.signal }).toEventStreamResponse();
});

const app = express();
// Before the parser: the body is read by the handler.
app.post("/api/chat", chat);
app.use(express.json());
app.post("/api/ask", async (request, response) => {
  const { text, provider } = await llm.generateText({ prompt: request.body.prompt });
  response.json({ text, provider });
});
// Behind it: the body has been read.
app.post("/api/events", events);
app.use("/api/admin", toNodeHandler(createAdminHandler({ llm, settings: llm.settings, authorize })));

const server = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.once("SIGTERM", () => server.close(() => llm.close()));
