/** The smoke test for workerd: a worker that calls the four providers without Node's modules. */
import { createLLMClient, type Env, isLLMError } from "@babylon/llm-core";
import { defaultProviders } from "../default-providers.ts";

/** `GET /?provider=&transport=`: makes one call and returns its outcome. */
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

/** The module format that workerd requires. */
const worker: { fetch(request: Request, env: Env): Promise<Response> } = { fetch: answer };

// biome-ignore lint/style/noDefaultExport: workerd requires a default export.
export default worker;
