import { isLLMError } from "@babylon/llm";
import type { LLMClient } from "@babylon/llm-core";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";

const LONGEST_BODY = 64 * 1024;

/** `GET /status`, `POST /ask` and `POST /ask/stream`, the last as server-sent events. Without authentication: add your own. */
export function createApp(llm: LLMClient): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: LONGEST_BODY }));

  app.get("/status", async ({ json }) => {
    const { links, skipped, warnings } = await llm.plan();
    return json({ links, skipped, warnings }, links.length > 0 ? 200 : 503);
  });

  app.post("/ask", async ({ req, json }) => {
    const prompt = promptOf(await req.json().catch(() => null));
    if (prompt === null) return json({ error: 'expected { "prompt": "..." }' }, 400);
    // The call is aborted if the client disconnects.
    const { text, provider, model } = await llm.generateText({ prompt, abortSignal: req.raw.signal });
    return json({ text, provider, model });
  });

  app.post("/ask/stream", async (context) => {
    const prompt = promptOf(await context.req.json().catch(() => null));
    if (prompt === null) return context.json({ error: 'expected { "prompt": "..." }' }, 400);
    return streamSSE(context, async (events) => {
      await using stream = llm.streamText({ prompt, onInterrupted: "restart", abortSignal: context.req.raw.signal });
      for await (const event of stream) {
        if (events.aborted) return;
        // A client discards the text so far at a restart.
        if (event.type === "text") await events.writeSSE({ event: "text", data: event.text });
        if (event.type === "restart") await events.writeSSE({ event: "restart", data: event.to.provider });
        if (event.type === "finish") await events.writeSSE({ event: "finish", data: event.result.provider });
      }
    });
  });

  app.onError((error, { json }) => {
    if (!isLLMError(error)) return json({ error: "something went wrong", code: "unexpected" }, 500);
    return json({ error: error.message, code: error.code }, error.code === "no_provider" ? 503 : 502);
  });
  return app;
}

function promptOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("prompt" in body)) return null;
  return typeof body.prompt === "string" && body.prompt !== "" ? body.prompt : null;
}
