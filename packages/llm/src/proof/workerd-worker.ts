/** What the smoke test runs in workerd: a worker that calls the four providers, with nothing of Node. */
import { createLLMClient, type Env, isLLMError } from "@babylon/llm-core";
import { defaultProviders } from "../default-providers.ts";

/** `GET /?provider=&transport=`: one call, and how it went. */
async function answer(request: Request, env: Env): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const transport = searchParams.get("transport") === "json" ? "json" : "stream";
  const provider = searchParams.get("provider") ?? undefined;
  await using llm = createLLMClient({ providers: defaultProviders(), env, retry: { maxRetries: 0 } });
  try {
    const { text, attempts } = await llm.generateText({ prompt: "Name a ship.", transport, provider });
    return Response.json({ text, outcomes: attempts.map(({ provider, error }) => [provider, error?.code ?? null]) });
  } catch (error) {
    return Response.json({ error: isLLMError(error) ? error : String(error) }, { status: 500 });
  }
}

/** How workerd wants its module. */
const worker: { fetch(request: Request, env: Env): Promise<Response> } = { fetch: answer };

// biome-ignore lint/style/noDefaultExport: where workerd looks for it.
export default worker;
