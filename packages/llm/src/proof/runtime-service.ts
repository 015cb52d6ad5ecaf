/**
 * The smoke test for Bun and Deno, from source: a service with the four providers, the settings in a file and the admin routes. It is
 * configured by the environment and prints its URL.
 */
import { authorizeBearer, createAdminHandler } from "@babylon/admin-api";
import { createBabylonLLM } from "../create-babylon-llm.ts";

type Handler = (request: Request) => Response | Promise<Response>;

/** The used members of Bun and Deno (1.4 and 2.9, 2026-11). */
interface Runtimes {
  readonly Bun?: {
    readonly version: string;
    serve(options: { readonly hostname: string; readonly port: number; fetch: Handler }): {
      readonly url: URL;
      stop(): Promise<void>;
    };
  };
  readonly Deno?: {
    readonly version: { readonly deno: string };
    serve(
      options: { readonly hostname: string; readonly port: number; onListen(): void },
      handler: Handler,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  };
}

interface Served {
  readonly runtime: string;
  readonly url: string;
  stop(): Promise<void>;
}

const { Bun, Deno } = globalThis as unknown as Runtimes;

/** Starts the server of the runtime. */
function serve(handler: Handler): Served {
  const place = { hostname: "127.0.0.1", port: 0 };
  if (Bun !== undefined) {
    const bun = Bun.serve({ ...place, fetch: handler });
    return { runtime: `bun ${Bun.version}`, url: bun.url.href, stop: () => bun.stop() };
  }
  if (Deno === undefined) throw new Error("neither Bun nor Deno");
  const deno = Deno.serve({ ...place, onListen() {} }, handler);
  const url = `http://127.0.0.1:${deno.addr.port}/`;
  return { runtime: `deno ${Deno.version.deno}`, url, stop: () => deno.shutdown() };
}

const llm = await createBabylonLLM({ retry: { maxRetries: 0 } });
const admin = createAdminHandler({
  llm,
  settings: llm.settings,
  authorize: authorizeBearer({ ana: process.env.ADMIN_TOKEN ?? "" }),
});

/** `GET /ask?provider=&transport=`: makes one call and returns its outcome. */
async function ask({ searchParams }: URL): Promise<Response> {
  const transport = searchParams.get("transport") === "json" ? "json" : "stream";
  const provider = searchParams.get("provider") ?? undefined;
  const { text, usage, attempts } = await llm.generateText({ prompt: "Name a ship.", transport, provider });
  const outcomes = attempts.map((attempt) => `${attempt.provider}: ${attempt.error?.code ?? attempt.outcome}`);
  return Response.json({ text, inputTokens: usage.inputTokens, outcomes, runtime: server.runtime });
}

/** `GET /events`: the chunks of a streamed text, one per line. */
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

const server = serve((request) => {
  const url = new URL(request.url);
  if (url.pathname === "/ask") return ask(url);
  if (url.pathname === "/events") return events();
  return admin(request);
});
console.log(server.url);

process.once("SIGTERM", async () => {
  await server.stop();
  await llm.close();
});
