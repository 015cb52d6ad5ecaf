/**
 * What the smoke test runs on Bun, from source: a service with the four providers, the settings in a file and the admin routes. It
 * takes all from the environment and prints where it listens.
 */
import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { createBabylonLLM } from "../create-babylon-llm.ts";

/** As much of Bun as is used here (1.4, 2026-11). */
interface BunGlobals {
  readonly Bun: {
    readonly version: string;
    serve(options: {
      readonly hostname: string;
      readonly port: number;
      fetch(request: Request): Response | Promise<Response>;
    }): { readonly url: URL; stop(): Promise<void> };
  };
}

const { Bun } = globalThis as unknown as BunGlobals;
const llm = await createBabylonLLM({ retry: { maxRetries: 0 } });
const admin = createAdminHandler({
  llm,
  settings: llm.settings,
  authorize: authorizeBearer({ ana: process.env.ADMIN_TOKEN ?? "" }),
});

/** `GET /ask?provider=&transport=`: one call, and how it went. */
async function ask({ searchParams }: URL): Promise<Response> {
  const transport = searchParams.get("transport") === "json" ? "json" : "stream";
  const provider = searchParams.get("provider") ?? undefined;
  const { text, usage, attempts } = await llm.generateText({ prompt: "Name a ship.", transport, provider });
  const outcomes = attempts.map((attempt) => `${attempt.provider}: ${attempt.error?.code ?? attempt.outcome}`);
  return Response.json({ text, inputTokens: usage.inputTokens, outcomes, bun: Bun.version });
}

/** `GET /events`: the pieces of a streamed text, a line each. */
function events(): Response {
  const pieces = llm.streamText({ prompt: "Name a ship." }).textStream[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
  });
  return new Response(body);
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/ask") return ask(url);
    if (url.pathname === "/events") return events();
    return admin(request);
  },
});
console.log(server.url.href);

process.once("SIGTERM", async () => {
  await server.stop();
  await llm.close();
});
